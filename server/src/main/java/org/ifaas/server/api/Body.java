package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What a request carries, whatever it says that it is. */
public final class Body {
    /** The most bytes of one that are held in memory. */
    static final int MOST = 1 << 20;

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
     * @throws Refusal when it is too large, or the client does not send what it has announced
     */
    static byte[] bytes(ServerRequest request) {
        var beginning = beginning(request);
        if (beginning.length > MOST) {
            throw tooLarge(MOST);
        }
        return beginning;
    }

    static Refusal tooLarge(int most) {
        return new Refusal(
                413, "is larger than " + (most >> 10) + " KiB", "body", null, "Send only what the address wants.");
    }

    /** All of it, or so much that it is too large to be held; for as many readers as there are. */
    static byte[] beginning(ServerRequest request) {
        return begun(request).beginning();
    }

    /** All of it, as it comes; it can be read once. */
    static InputStream stream(ServerRequest request) {
        var begun = begun(request);
        return new SequenceInputStream(new ByteArrayInputStream(begun.beginning()), begun.rest());
    }

    private record Begun(byte[] beginning, InputStream rest) {}

    private static Begun begun(ServerRequest request) {
        return request.context().get(Begun.class).orElseGet(() -> {
            var begun = begin(request);
            request.context().register(begun);
            return begun;
        });
    }

    private static Begun begin(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return new Begun(new byte[0], InputStream.nullInputStream());
        }
        try {
            var in = request.content().inputStream();
            return new Begun(in.readNBytes(MOST + 1), in);
        } catch (HttpException | RequestException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new Refusal(400, "can't be read to its end", "body", null, "Send it whole, in well-formed chunks.");
        }
    }
}
