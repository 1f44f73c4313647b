package org.ifaas.server.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.ifaas.factory.signing.Sha256;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** Reading and writing JSON bodies. */
final class Json {
    /** RFC 9457. */
    static final String PROBLEM = "application/problem+json";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

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

    static void send(ServerRequest request, ServerResponse response, Object value) {
        send(request, response, "application/json", text(value));
    }

    /** With an entity tag: who has it already is told so, and gets nothing. */
    static void send(ServerRequest request, ServerResponse response, String type, String text) {
        var tag = '"' + Sha256.of(text).substring(0, 32) + '"';
        var wanted = tags(request, HeaderNames.IF_MATCH);
        if (!wanted.isEmpty() && !wanted.contains(tag) && !wanted.contains("*")) {
            throw Refusal.notMatched(request, "is not what is there now", "Ask without the header.");
        }
        response.header(HeaderNames.ETAG, tag);
        if (has(request, tag)) {
            response.status(Status.NOT_MODIFIED_304).send();
        } else {
            response.header(HeaderNames.CONTENT_TYPE, type).send(text);
        }
    }

    /** Compared weakly, or * for any (RFC 9110, 13.1.2). */
    private static boolean has(ServerRequest request, String tag) {
        return tags(request, HeaderNames.IF_NONE_MATCH).stream()
                .anyMatch(given -> given.equals("*") || given.equals(tag) || given.equals("W/" + tag));
    }

    private static List<String> tags(ServerRequest request, HeaderName header) {
        return request.headers().values(header).stream()
                .flatMap(given -> Arrays.stream(given.split(",", -1)))
                .map(String::strip)
                .toList();
    }

    /** For whatever other method an address is asked with. */
    static Handler only(String... methods) {
        return (request, response) -> {
            response.header(HeaderNames.ALLOW, String.join(", ", methods));
            refuse(response, Refusal.notAllowed(request, List.of(methods)));
        };
    }

    static void refuse(ServerResponse response, Refusal refusal) {
        var problem = refusal.view();
        response.status(Status.create(problem.status()))
                .header(HeaderNames.CONTENT_TYPE, PROBLEM)
                .send(MAPPER.writeValueAsBytes(problem));
    }

    /** An empty body reads as an empty object; a field that nobody knows is refused rather than overlooked. */
    static <T> T read(ServerRequest request, Class<T> type) {
        var text = Body.json(request);
        try {
            var value = STRICT.readValue(text.isBlank() ? "{}" : text, type);
            if (value == null) {
                throw refused("body", text, "is no JSON object");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            var known = e.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .toList();
            throw new Refusal(
                    400,
                    "is not a field there",
                    e.getPropertyName().isBlank() ? "body" : e.getPropertyName(),
                    null,
                    known.isEmpty() ? "Remove it." : "Remove it; known are " + String.join(", ", known) + ".");
        } catch (DatabindException e) {
            var field = e.getPath().stream()
                    .map(JacksonException.Reference::getPropertyName)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining("."));
            throw refused(field.isEmpty() ? "body" : field, text, "has a value of another kind than is expected");
        } catch (JacksonException e) {
            throw refused("body", text, "is not JSON");
        }
    }

    private static Refusal refused(String field, String text, String problem) {
        return new Refusal(400, problem, field, text, "Send one JSON object, as the API's documentation says.");
    }
}
