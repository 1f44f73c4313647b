package org.ifaas.server.api;

import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import java.nio.charset.StandardCharsets;

/** What a request carries, whatever it says that it is. */
public final class Body {
    private Body() {}

    /** {@link #bytes} as UTF-8. */
    public static String text(ServerRequest request) {
        return new String(bytes(request), StandardCharsets.UTF_8);
    }

    /**
     * Empty where there is none.
     *
     * @throws Refusal when the client does not send what it has announced
     */
    static byte[] bytes(ServerRequest request) {
        try {
            return request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
        } catch (HttpException | RequestException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Refusal(400, "can't be read to its end", "body", null, "Send it whole, in well-formed chunks.");
        }
    }
}
