package org.ifaas.sources;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Turns composed YAML into JSON, remembering the lines; aliases are written out, up to a limit. */
final class YamlNodes {
    static final int MOST_NODES = 5_000;
    static final int MOST_DIGITS = 15;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String file;
    private final Predicate<String> asWritten;
    private final Map<String, Integer> lines;
    private int nodes;

    YamlNodes(String file, Predicate<String> asWritten, Map<String, Integer> lines) {
        this.file = file;
        this.asWritten = asWritten;
        this.lines = lines;
    }

    JsonNode json(Node root) throws InvalidDefinition {
        return json(root, "", 0);
    }

    private JsonNode json(Node node, String pointer, int depth) throws InvalidDefinition {
        lines.putIfAbsent(pointer, YamlDocument.line(node));
        if (++nodes > MOST_NODES || depth > YamlDocument.MOST_DEPTH) {
            throw refused(
                    node, "is too large once its aliases are written out", "Write the values out, without aliases.");
        }
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, pointer, depth);
            case SequenceNode sequence -> {
                tagged(node, Tag.SEQ);
                var array = JSON.arrayNode();
                for (var item : sequence.getValue()) {
                    array.add(json(item, pointer + "/" + array.size(), depth + 1));
                }
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar, pointer);
            default -> throw refused(node, "has something that is no plain data", "Write plain values.");
        };
    }

    private JsonNode mapping(MappingNode mapping, String pointer, int depth) throws InvalidDefinition {
        tagged(mapping, Tag.MAP);
        var object = JSON.objectNode();
        for (var entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw refused(entry.getKeyNode(), "has a field whose name is no text", "Write plain names.");
            }
            var child = pointer + "/" + PublishedSchema.escaped(key.getValue());
            if (object.has(key.getValue())) {
                throw refused(key, "has " + Problem.shown(key.getValue()) + " twice", "Remove one of the two.");
            }
            lines.put(child, YamlDocument.line(key));
            object.set(key.getValue(), json(entry.getValueNode(), child, depth + 1));
        }
        return object;
    }

    private JsonNode scalar(ScalarNode scalar, String pointer) throws InvalidDefinition {
        var text = scalar.getValue();
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw refused(scalar, "has half a character, \\ud800 to \\udfff", "Write the whole character.");
        }
        var tag = scalar.getTag();
        if (tag.equals(Tag.NULL)) {
            return JSON.nullNode();
        }
        if (tag.equals(Tag.STR) || asWritten.test(pointer)) {
            return JSON.stringNode(text);
        }
        if (tag.equals(Tag.BOOL)) {
            return JSON.booleanNode(Boolean.parseBoolean(text));
        }
        try {
            if (tag.equals(Tag.INT)) {
                return finite(new BigDecimal(new BigInteger(text)), text);
            }
            if (tag.equals(Tag.FLOAT)) {
                return finite(new BigDecimal(text), text);
            }
        } catch (NumberFormatException e) {
            return JSON.stringNode(text); // .inf and the like: no number to us, and the schema will say so
        }
        throw refused(scalar, "has the tag " + Problem.shown(tag.getValue()), "Remove the tag: write plain values.");
    }

    /** A number so large or so small that nobody means it is no number to us either: comparing it would take for ever. */
    private static JsonNode finite(BigDecimal number, String text) {
        if (Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS) {
            return JSON.stringNode(text);
        }
        return number.scale() == 0 ? JSON.numberNode(number.toBigInteger()) : JSON.numberNode(number);
    }

    private void tagged(Node node, Tag expected) throws InvalidDefinition {
        if (!node.getTag().equals(expected)) {
            throw refused(
                    node,
                    "has the tag " + Problem.shown(node.getTag().getValue()),
                    "Remove the tag: write plain values.");
        }
    }

    private InvalidDefinition refused(Node node, String problem, String mend) {
        return YamlDocument.refused(file, YamlDocument.line(node), problem, mend);
    }
}
