package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reading and writing JSON bodies. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static void send(ServerResponse response, int status, Object value) {
        response.status(Status.create(status))
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .send(MAPPER.writeValueAsBytes(value));
    }

    static void send(ServerResponse response, Object value) {
        send(response, 200, value);
    }

    /** An empty body reads as an empty object. */
    static <T> T read(ServerRequest request, Class<T> type) {
        var text = body(request);
        try {
            return MAPPER.readValue(text.isBlank() ? "{}" : text, type);
        } catch (JacksonException e) {
            throw new Refusal(
                    400,
                    "the body is not the JSON that is expected: " + e.getOriginalMessage(),
                    "body",
                    text,
                    "See the API's documentation.");
        }
    }

    static String body(ServerRequest request) {
        return request.content().hasEntity() ? request.content().as(String.class) : "";
    }
}
