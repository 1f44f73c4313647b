package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * Where a request ends. What is left of one must never be taken for the next: behind a proxy, others use the same connection. The
 * web server itself goes on reading after an answer that closes the connection, and takes an encoding it does not know for none.
 */
final class Framing {
    private Framing() {}

    /** @throws CloseConnectionException after it was refused: nobody knows where it ends */
    static void begin(ServerRequest request, ServerResponse response) {
        var headers = request.headers();
        boolean encoded = headers.contains(HeaderNames.TRANSFER_ENCODING);
        boolean measured = headers.contains(HeaderNames.CONTENT_LENGTH);
        boolean ends = !encoded || !measured && headers.contains(HeaderValues.TRANSFER_ENCODING_CHUNKED);
        if (!ends
                || measured
                        && headers.get(HeaderNames.CONTENT_LENGTH).allValues().size() > 1) {
            var field = encoded ? HeaderNames.TRANSFER_ENCODING : HeaderNames.CONTENT_LENGTH;
            Json.refuse(
                    response,
                    new Refusal(
                            400,
                            "does not say where the request ends",
                            field.defaultCase(),
                            String.join(", ", headers.get(field).allValues()),
                            "Send one Content-Length, or Transfer-Encoding: chunked alone."));
            throw new CloseConnectionException("a request without a certain end");
        }
    }

    /** After it was answered: reads what nobody has read. */
    static void end(ServerRequest request) {
        var headers = request.headers();
        var content = request.content();
        if (content.hasEntity() && !content.consumed()) {
            if (headers.contains(HeaderNames.EXPECT)) {
                throw new CloseConnectionException("whoever waited to be told to go on was told otherwise");
            }
            try {
                content.consume();
            } catch (RuntimeException e) {
                throw new CloseConnectionException("the rest of a request can't be read", e);
            }
        }
        if (headers.contains(HeaderValues.CONNECTION_CLOSE)) {
            throw new CloseConnectionException("as the client wished");
        }
    }
}
