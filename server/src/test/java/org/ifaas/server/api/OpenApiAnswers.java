package org.ifaas.server.api;

import static org.ifaas.server.api.OpenApiDocument.map;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What {@code openapi.yaml} says of an answer: its status, its type, its schema, its headers. */
public final class OpenApiAnswers {
    private static final String ADDRESS = "https://ifaas.invalid/openapi.json";
    private static final String NOT_MODIFIED = "304";
    private static final List<String> HEADERS = List.of("Link", "Location");

    private static final Map<String, Object> DOCUMENT = OpenApiDocument.read();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemas(Map.of(ADDRESS, JsonMapper.shared().writeValueAsString(DOCUMENT))));
    private static final Map<String, Schema> KNOWN = new ConcurrentHashMap<>();

    private OpenApiAnswers() {}

    /** One answer. */
    public interface Answer {
        int status();

        /** Empty where it is missing. */
        String header(String name);

        String body();
    }

    /**
     * @param path whole, with what has been asked for behind it
     * @return what is otherwise than the document says; null when nothing is
     */
    public static @Nullable String problem(String method, String path, Answer answer) {
        var operation = Operation.of(method.equals("HEAD") ? "GET" : method, path.replaceFirst("[?#].*", ""))
                .map(Operation.Asked::operation)
                .orElse(null);
        var status = Integer.toString(answer.status());
        if (operation == null || status.equals(NOT_MODIFIED)) {
            return null;
        }
        var place = List.of("paths", operation.path(), operation.method().toLowerCase(Locale.ROOT), "responses");
        var responses = at(place);
        var which = responses.containsKey(status) ? status : "default";
        if (which.equals("default") && answer.status() < 400) {
            return operation + ": no answer " + status + " is described";
        }
        var response = resolved(map(responses.get(which)));
        for (var header : HEADERS) {
            if (!answer.header(header).isEmpty()
                    && !map(response.getOrDefault("headers", Map.of())).containsKey(header)) {
                return operation + ": no header " + header + " is described";
            }
        }
        if (method.equals("HEAD") || !(response.get("content") instanceof Map<?, ?> content)) {
            return null;
        }
        var type = answer.header("Content-Type").replaceFirst(";.*", "");
        if (!content.containsKey(type)) {
            return operation + " " + status + ": " + type + " is none of " + content.keySet();
        }
        if (!type.endsWith("json") || !answer.header("Content-Encoding").isEmpty()) {
            return null;
        }
        var pointer = response.equals(responses.get(which))
                ? pointer(place) + "/" + which + "/content/" + escaped(type) + "/schema"
                : map(responses.get(which)).get("$ref") + "/content/" + escaped(type) + "/schema";
        var problems = KNOWN.computeIfAbsent(pointer, at -> SCHEMAS.getSchema(SchemaLocation.of(ADDRESS + at)))
                .validate(answer.body(), InputFormat.JSON);
        return problems.isEmpty() ? null : operation + " " + status + ": " + problems;
    }

    private static Map<String, Object> at(List<String> place) {
        var here = DOCUMENT;
        for (var name : place) {
            here = map(here.get(name));
        }
        return here;
    }

    private static Map<String, Object> resolved(Map<String, Object> thing) {
        return thing.get("$ref") instanceof String reference
                ? at(List.of(reference.substring(2).split("/")))
                : thing;
    }

    private static String pointer(List<String> place) {
        return "#/"
                + String.join("/", place.stream().map(OpenApiAnswers::escaped).toList());
    }

    private static String escaped(String name) {
        return name.replace("~", "~0")
                .replace("/", "~1")
                .replace("{", "%7B")
                .replace("}", "%7D")
                .replace("+", "%2B");
    }
}
