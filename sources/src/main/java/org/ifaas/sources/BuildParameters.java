package org.ifaas.sources;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Parameters.HostChoice;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the parameters of a build from JSON, checked against {@code schemas/build-parameters.schema.json}. */
public final class BuildParameters {
    private static final int MOST_CHARACTERS = 64 * 1024;
    private static final int MOST_DEPTH = 8;
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MOST_CHARACTERS)
                            .maxNestingDepth(MOST_DEPTH)
                            .maxNameLength(MOST_CHARACTERS)
                            .maxStringLength(MOST_CHARACTERS)
                            .maxNumberLength(32)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private BuildParameters() {}

    private static final class Schema {
        static final PublishedSchema PUBLISHED = new PublishedSchema("build-parameters.schema.json");
    }

    /** @throws InvalidParameters with all that is wrong */
    public static Parameters read(String json) throws InvalidParameters {
        return asked(json).whole();
    }

    /** @throws InvalidParameters when not even the image is understood */
    public static Asked asked(String json) throws InvalidParameters {
        var given = parsed(json);
        var problems = new LinkedHashMap<>(Schema.PUBLISHED.check(given));
        var keep = given.path("keepHost");
        if (keep.isString() && !problems.containsKey("/keepHost")) {
            var duration = KeepHost.parse(keep.asString());
            if (duration == null) {
                problems.put(
                        "/keepHost",
                        Problem.of(
                                "keepHost",
                                keep.asString(),
                                "is not between one minute and seven days",
                                "Write such as 4h."));
            }
        }
        if (problems.isEmpty()) {
            together(given, problems);
        }
        var found = List.copyOf(problems.values());
        if (!(given instanceof ObjectNode object) || wrong(problems.keySet(), "image")) {
            throw new InvalidParameters(found);
        }
        var rest = object.deepCopy();
        rest.remove(object.propertyNames().stream()
                .filter(name -> wrong(problems.keySet(), name))
                .toList());
        return new Asked(parameters(rest), found);
    }

    private static boolean wrong(Set<String> pointers, String field) {
        var pointer = "/" + PublishedSchema.escaped(field);
        return pointers.stream().anyMatch(one -> one.equals(pointer) || one.startsWith(pointer + "/"));
    }

    private static Parameters parameters(JsonNode given) {
        var keep = given.path("keepHost");
        return new Parameters(
                given.get("image").asString(),
                text(given, "ref"),
                texts(given, "regions"),
                text(given, "cloud"),
                HostChoice.valueOf(given.path("host").asString("auto").toUpperCase(Locale.ROOT)),
                keep.isString() ? KeepHost.parse(keep.asString()) : null,
                given.path("runTests").asBoolean(true),
                given.path("force").asBoolean(false),
                given.path("requestPublication").asBoolean(true),
                texts(given, "copyTo"),
                text(given, "serialSuffix"),
                Kind.valueOf(given.path("kind").asString("build").toUpperCase(Locale.ROOT)),
                text(given, "imageId"),
                text(given, "file"),
                null);
    }

    /** What a schema can't say: how the parameters go together. */
    private static void together(JsonNode given, Map<String, Problem> problems) {
        boolean test = given.path("kind").asString("build").equals("test");
        var id = text(given, "imageId");
        var file = text(given, "file");
        if (!test) {
            for (var only : List.of("imageId", "file")) {
                if (text(given, only) != null) {
                    problems.put(
                            "/" + only,
                            Problem.of(
                                    only,
                                    given.get(only).asString(),
                                    "is for a test only",
                                    "Write kind: test, or remove it."));
                }
            }
            return;
        }
        if ((id == null) == (file == null)) {
            problems.put(
                    "/imageId",
                    Problem.of(
                            "imageId",
                            id == null ? "" : id,
                            id == null ? "is missing, and so is file" : "is given, and file too",
                            "A test is about one image: name it by imageId or by file."));
        }
        if (!given.path("runTests").asBoolean(true)) {
            problems.put(
                    "/runTests", Problem.of("runTests", "false", "leaves nothing of a test", "Remove it, or build."));
        }
        if (!texts(given, "copyTo").isEmpty()) {
            problems.put(
                    "/copyTo",
                    Problem.of("copyTo", texts(given, "copyTo").getFirst(), "hears nothing of a test", "Remove it."));
        }
        if (given.path("keepHost").isString()) {
            problems.put(
                    "/keepHost",
                    Problem.of("keepHost", given.path("keepHost").asString(), "has no host in a test", "Remove it."));
        }
    }

    private static JsonNode parsed(String json) throws InvalidParameters {
        try {
            return STRICT.readTree(json);
        } catch (StreamConstraintsException e) {
            throw new InvalidParameters(List.of(Problem.of(
                    "",
                    "",
                    "is larger than %d KiB, nested more than %d deep, or has a number without end"
                            .formatted(MOST_CHARACTERS >> 10, MOST_DEPTH),
                    "Send the parameters of one build.")));
        } catch (JacksonException e) {
            var at = e.getLocation();
            var where = at == null || at.getLineNr() < 1 ? "" : " (line " + at.getLineNr() + ")";
            throw new InvalidParameters(List.of(Problem.of(
                    "",
                    "",
                    "is not JSON" + where + ": " + Problem.shown(e.getOriginalMessage()),
                    "Send one JSON object.")));
        }
    }

    private static @Nullable String text(JsonNode given, String field) {
        return given.path(field).isString() ? given.get(field).asString() : null;
    }

    private static List<String> texts(JsonNode given, String field) {
        return given.path(field).isArray()
                ? StreamSupport.stream(given.get(field).spliterator(), false)
                        .map(JsonNode::asString)
                        .toList()
                : List.of();
    }
}
