package org.ifaas.server.api;

import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;

/** What a request carries. */
public final class Body {
    private Body() {}

    /**
     * Empty where there is none.
     *
     * @throws Refusal when the client does not send what it has announced
     */
    public static String text(ServerRequest request) {
        try {
            return request.content().hasEntity() ? request.content().as(String.class) : "";
        } catch (HttpException | RequestException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Refusal(400, "can't be read to its end", "body", null, "Send it whole, in well-formed chunks.");
        }
    }
}
