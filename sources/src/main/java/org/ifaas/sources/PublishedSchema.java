package org.ifaas.sources;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A JSON Schema of this product: it checks, says what is wrong in words of its own descriptions, and knows the defaults. */
final class PublishedSchema {
    private final JsonNode document;
    private final Schema schema;

    /** @param name file name in the folder {@code schemas} */
    PublishedSchema(String name) {
        try (var in = PublishedSchema.class.getResourceAsStream("/schemas/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the schema " + name + " is not packaged");
            }
            document = JsonMapper.shared().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(document);
    }

    /** All problems, by JSON pointer; a field has one at most. */
    LinkedHashMap<String, Problem> check(JsonNode instance) {
        var problems = new LinkedHashMap<String, Problem>();
        for (var error : schema.validate(instance)) {
            var pointer = pointer(error);
            if (!problems.containsKey(pointer)) {
                problems.put(pointer, problem(pointer, error));
            }
        }
        return problems;
    }

    /** Puts the schema's defaults where the instance says nothing; objects that are missing appear. */
    void fill(ObjectNode instance) {
        fill(document, instance);
    }

    private static void fill(JsonNode schema, ObjectNode instance) {
        schema.path("properties").propertyStream().forEach(property -> {
            var name = property.getKey();
            var field = property.getValue();
            if (!instance.has(name) && field.has("default")) {
                instance.set(name, field.get("default").deepCopy());
            } else if (!instance.has(name) && field.has("properties")) {
                instance.putObject(name);
            }
            if (instance.get(name) instanceof ObjectNode child) {
                fill(field, child);
            }
        });
    }

    private Problem problem(String pointer, Error error) {
        var field = field(pointer);
        var node = error.getInstanceNode();
        var value = node == null ? "" : node.isString() ? node.asString() : node.isContainer() ? "" : node.toString();
        var description = description(error);
        var allowed = strings(error.getSchemaNode());
        return switch (error.getKeyword()) {
            case "required" ->
                Problem.of(field, "", "is missing", "Add it: " + uncapitalized(describing(error, error.getProperty())));
            case "additionalProperties" ->
                Problem.of(field, "", "is not a field there", unknown(error.getProperty(), error));
            case "propertyNames" ->
                Problem.of(
                        field,
                        "",
                        "is not a name that can be given there",
                        reserved(error).contains(error.getProperty())
                                ? "Remove it: the factory or the region sets it."
                                : "Rename it.");
            case "enum" ->
                Problem.of(
                        field,
                        value,
                        "is none of " + String.join(", ", allowed),
                        Nearest.of(value, allowed)
                                .map(near -> "Write " + near + ".")
                                .orElse("Write one of them."));
            case "type" ->
                value.equals("null")
                        ? Problem.of(field, "", "has no value", "Give it one, or remove it. " + description)
                        : Problem.of(field, value, "is not " + type(error.getSchemaNode()), described(description));
            case "minimum" -> Problem.of(field, value, "is less than " + error.getSchemaNode(), described(description));
            case "maximum" -> Problem.of(field, value, "is more than " + error.getSchemaNode(), described(description));
            case "uniqueItems" -> Problem.of(field, "", "has something twice", "Remove the second.");
            case "maxItems", "maxProperties" ->
                Problem.of(field, "", "has more than " + error.getSchemaNode() + " entries", "Shorten it.");
            default -> Problem.of(field, value, "is not allowed there", described(description));
        };
    }

    private static String described(String description) {
        return description.isEmpty() ? "Change it." : "It has to be: " + uncapitalized(description);
    }

    private String unknown(String name, Error error) {
        var known = new ArrayList<String>();
        var parent = parentOf(error);
        parent.path("properties").propertyNames().forEach(known::add);
        return Nearest.of(name, known)
                .map(near -> "Did you mean " + near + "? Otherwise remove it.")
                .orElse("Remove it; known are " + String.join(", ", known) + ".");
    }

    private static List<String> reserved(Error error) {
        return strings(error.getSchemaNode().path("not").path("enum"));
    }

    private static List<String> strings(JsonNode array) {
        return array == null
                ? List.of()
                : StreamSupport.stream(array.spliterator(), false)
                        .filter(JsonNode::isString)
                        .map(JsonNode::asString)
                        .toList();
    }

    private static String type(JsonNode type) {
        var names = type.isString() ? List.of(type.asString()) : strings(type);
        return String.join(
                " or ",
                names.stream()
                        .filter(name -> !name.equals("null"))
                        .map(name -> switch (name) {
                            case "integer" -> "a whole number";
                            case "number" -> "a number";
                            case "boolean" -> "true or false";
                            case "array" -> "a list";
                            case "object" -> "a mapping of names to values";
                            default -> "text";
                        })
                        .toList());
    }

    /** Of the object that the keyword stands in. */
    private JsonNode parentOf(Error error) {
        var location = error.getSchemaLocation().toString();
        var pointer = location.substring(location.indexOf('#') + 1);
        return document.at(pointer.substring(0, pointer.lastIndexOf('/')));
    }

    private String description(Error error) {
        return parentOf(error).path("description").asString("");
    }

    private String describing(Error error, String property) {
        return parentOf(error)
                .path("properties")
                .path(property)
                .path("description")
                .asString("");
    }

    private static String pointer(Error error) {
        var at = error.getInstanceLocation().toString();
        return switch (error.getKeyword()) {
            case "required", "additionalProperties", "propertyNames" -> at + "/" + escaped(error.getProperty());
            default -> at;
        };
    }

    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** {@code /team/2} as people write it: {@code team[2]}. */
    static String field(String pointer) {
        var field = new StringBuilder();
        for (var part : pointer.split("/", -1)) {
            if (part.matches("[0-9]{1,9}")) {
                field.append('[').append(part).append(']');
            } else if (!part.isEmpty()) {
                field.append(field.isEmpty() ? "" : ".")
                        .append(part.replace("~1", "/").replace("~0", "~"));
            }
        }
        return Problem.shown(field.toString());
    }

    private static String uncapitalized(String text) {
        return text.length() > 1 && !Character.isUpperCase(text.charAt(1))
                ? Character.toLowerCase(text.charAt(0)) + text.substring(1)
                : text;
    }
}
