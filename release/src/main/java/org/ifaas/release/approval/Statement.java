package org.ifaas.release.approval;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;
import java.util.TreeMap;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.publish.Approval;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** An approval as an in-toto statement v1: its subjects are the image and the {@code SHA256SUMS} of its release. */
final class Statement {
    private static final String TYPE = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "urn:ifaas:publication-approval:v1";
    private static final String IMAGE = "image";
    private static final String RELEASE = "SHA256SUMS";

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private Statement() {}

    static String of(Approval approval) {
        var statement = JSON.createObjectNode().put("_type", TYPE);
        var subjects = statement.putArray("subject");
        subjects.addObject().put("name", IMAGE).putObject("digest").put("sha256", approval.sha256());
        subjects.addObject().put("name", RELEASE).putObject("digest").put("sha256", approval.release());
        statement.put("predicateType", PREDICATE);
        var predicate = statement
                .putObject("predicate")
                .put("request", approval.request().value())
                .put("image", approval.image())
                .put("serial", approval.serial())
                .put("publishAs", approval.publishAs());
        var images = predicate.putArray("images");
        approval.images()
                .forEach(image ->
                        images.addObject().put("region", image.region()).put("id", image.id()));
        var without = predicate.putArray("without");
        approval.without().forEach(without::add);
        predicate
                .put("visiblePrevious", approval.visiblePrevious())
                .put("requester", approval.requester())
                .put("approver", approval.approver())
                .put("how", approval.how())
                .put("issued", approval.issued().toString())
                .put("expires", approval.expires().toString())
                .put("nonce", approval.nonce());
        return JSON.writeValueAsString(statement) + "\n";
    }

    /** @throws IllegalArgumentException when it is no approval */
    static Approval read(String text) {
        try {
            var statement = JSON.readTree(text);
            if (!text(statement, "_type").equals(TYPE)
                    || !text(statement, "predicateType").equals(PREDICATE)) {
                throw new IllegalArgumentException("it is no approval of a publication");
            }
            var digests = new TreeMap<String, String>();
            for (var subject : statement.path("subject")) {
                digests.put(text(subject, "name"), digest(subject.path("digest")));
            }
            if (!digests.keySet().equals(Set.of(IMAGE, RELEASE))) {
                throw new IllegalArgumentException("its subjects are not an image and its release");
            }
            var predicate = statement.path("predicate");
            var images = new ArrayList<ImageRef>();
            for (var image : predicate.path("images")) {
                images.add(new ImageRef(text(image, "region"), text(image, "id")));
            }
            var without = new ArrayList<String>();
            for (var region : predicate.path("without")) {
                without.add(region.asString());
            }
            return new Approval(
                    new BuildId(text(predicate, "request")),
                    text(predicate, "image"),
                    text(predicate, "serial"),
                    text(predicate, "publishAs"),
                    digests.getOrDefault(RELEASE, ""),
                    digests.getOrDefault(IMAGE, ""),
                    images,
                    without,
                    predicate.path("visiblePrevious").asInt(0),
                    text(predicate, "requester"),
                    text(predicate, "approver"),
                    text(predicate, "how"),
                    Instant.parse(text(predicate, "issued")),
                    Instant.parse(text(predicate, "expires")),
                    nonce(predicate));
        } catch (JacksonException | DateTimeException e) {
            throw new IllegalArgumentException("it can't be read", e);
        }
    }

    private static String digest(JsonNode digests) {
        var digest = text(digests, "sha256");
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a digest in it is none");
        }
        return digest;
    }

    private static String nonce(JsonNode predicate) {
        var nonce = text(predicate, "nonce");
        if (!nonce.matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("its nonce is none");
        }
        return nonce;
    }

    private static String text(JsonNode node, String field) {
        if (!node.path(field).isString()) {
            throw new IllegalArgumentException("it has no " + field);
        }
        return node.path(field).asString();
    }
}
