package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What a request carries, whatever it says that it is. */
public final class Body {
    private static final Pattern JSON = Pattern.compile("(?i)\\s*[a-z]+/([a-z0-9.-]+\\+)?json\\s*(;.*)?");

    private Body() {}

    /** {@link #bytes} as UTF-8. */
    public static String text(ServerRequest request) {
        return new String(bytes(request), StandardCharsets.UTF_8);
    }

    /**
     * {@link #text}, of a request that does not say that it is something else.
     *
     * @throws Refusal 415 when it does
     */
    static String json(ServerRequest request) {
        var text = text(request);
        var said = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("application/json");
        if (!text.isBlank() && !JSON.matcher(said).matches()) {
            throw new Refusal(
                    415,
                    "is not how JSON is called",
                    HeaderNames.CONTENT_TYPE.defaultCase(),
                    said,
                    "Send JSON, with 'Content-Type: application/json' or without the header.");
        }
        return text;
    }

    /**
     * Empty where there is none.
     *
     * @throws Refusal when the client does not send what it has announced
     */
    static byte[] bytes(ServerRequest request) {
        return request.context().get(Whole.class).map(Whole::bytes).orElseGet(() -> read(request));
    }

    /** {@link #bytes}, for as many readers as there are. */
    static byte[] whole(ServerRequest request) {
        var bytes = bytes(request);
        request.context().register(new Whole(bytes));
        return bytes;
    }

    /** The same, as it comes; it can be read once. */
    static InputStream stream(ServerRequest request) {
        return request.context()
                .get(Whole.class)
                .<InputStream>map(whole -> new ByteArrayInputStream(whole.bytes()))
                .orElseGet(() -> request.content().hasEntity()
                        ? request.content().inputStream()
                        : InputStream.nullInputStream());
    }

    private record Whole(byte[] bytes) {}

    private static byte[] read(ServerRequest request) {
        try {
            return request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
        } catch (HttpException | RequestException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Refusal(400, "can't be read to its end", "body", null, "Send it whole, in well-formed chunks.");
        }
    }
}
