package org.ifaas.sources;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.ifaas.sources.InvalidDefinition.Located;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import tools.jackson.databind.JsonNode;

/**
 * A small YAML file from somebody who isn't trusted: plain data only, and nothing in it can make the factory work for
 * longer than its size deserves.
 *
 * @param lines where each JSON pointer stands, counted from 1
 */
record YamlDocument(JsonNode root, Map<String, Integer> lines) {
    static final int MOST_BYTES = 256 * 1024;
    static final int MOST_DEPTH = 16;
    static final int MOST_ALIASES = 100;
    static final int LONGEST_SCALAR = 8 * 1024;

    /** @param asWritten pointers of scalars that are text, whatever they look like */
    static YamlDocument read(byte[] content, String file, Predicate<String> asWritten) throws InvalidDefinition {
        if (content.length > MOST_BYTES) {
            throw refused(file, 1, "is larger than " + MOST_BYTES / 1024 + " KiB", "Shorten it.");
        }
        var text = decoded(content, file);
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(MOST_BYTES)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setAllowNonScalarKeys(false)
                .build();
        try {
            limit(text, file, settings);
            var node = new Compose(settings).composeString(text);
            if (node.isEmpty()) {
                throw refused(
                        file, 1, "is empty", "Describe the image in it: name, title, builder, os and owner at least.");
            }
            var lines = new HashMap<String, Integer>();
            return new YamlDocument(new YamlNodes(file, asWritten, lines).json(node.get()), lines);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(m -> m.getLine() + 1)
                    .orElse(1);
            throw refused(
                    file, line, "is not YAML: " + Problem.shown(String.valueOf(e.getProblem())), "Correct that line.");
        } catch (ReaderException e) {
            int line = 1
                    + (int) text.codePoints()
                            .limit(e.getPosition())
                            .filter(c -> c == '\n')
                            .count();
            throw refused(
                    file,
                    line,
                    "has the control character U+%04X".formatted(e.getCodePoint()),
                    "Remove it, or escape it.");
        } catch (YamlEngineException e) {
            throw refused(file, 1, "is not YAML: " + Problem.shown(String.valueOf(e.getMessage())), "Correct it.");
        }
    }

    /** The line of a field, or of the nearest thing around it that is there. */
    int line(String pointer) {
        for (var at = pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
            var line = lines.get(at);
            if (line != null || at.isEmpty()) {
                return line == null ? 1 : line;
            }
        }
    }

    static InvalidDefinition refused(String file, int line, String problem, String mend) {
        return new InvalidDefinition(List.of(new Located(file, line, Problem.of("", "", problem, mend))));
    }

    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private static String decoded(byte[] content, String file) throws InvalidDefinition {
        var bytes = ByteBuffer.wrap(content);
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            int line = 1;
            for (int i = 0; i < bytes.position(); i++) {
                line += content[i] == '\n' ? 1 : 0;
            }
            throw refused(file, line, "is not UTF-8 at byte " + bytes.position(), "Save it as UTF-8.");
        }
    }

    /** Walks the events one by one: building nodes recurses, and would end in a stack overflow. */
    private static void limit(String text, String file, LoadSettings settings) throws InvalidDefinition {
        int depth = 0;
        int aliases = 0;
        for (var event : new Parse(settings).parseString(text)) {
            int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
            switch (event) {
                case CollectionStartEvent start -> depth++;
                case CollectionEndEvent end -> depth--;
                case AliasEvent alias -> aliases++;
                case ScalarEvent scalar
                when scalar.getValue().length() > LONGEST_SCALAR ->
                    throw refused(
                            file, line, "has a value of more than " + LONGEST_SCALAR + " characters", "Shorten it.");
                default -> {}
            }
            if (depth > MOST_DEPTH) {
                throw refused(file, line, "is nested more than " + MOST_DEPTH + " deep", "Flatten it.");
            }
            if (aliases > MOST_ALIASES) {
                throw refused(file, line, "has more than " + MOST_ALIASES + " aliases", "Write the values out.");
            }
        }
    }
}
