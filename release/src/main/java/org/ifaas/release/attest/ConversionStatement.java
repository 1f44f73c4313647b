package org.ifaas.release.attest;

import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.publish.Conversion;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * That a file is an image in another disk format, as an in-toto statement v1: its subject is that file, its predicate names
 * the image that the factory has converted, and the release.
 */
public final class ConversionStatement {
    private static final String TYPE = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "urn:ifaas:disk-format:v1";
    private static final String SHA256 = "sha256";

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private ConversionStatement() {}

    static ObjectNode write(ObjectNode statement, ImageBuilt image, ReleaseSealed release, Converted converted) {
        var name = image.key().substring(image.key().lastIndexOf('/') + 1);
        var format = converted.format().word();
        statement.put("_type", TYPE);
        statement
                .putArray("subject")
                .addObject()
                .put("name", name.replaceFirst("[.]qcow2$", "") + "." + format)
                .putObject("digest")
                .put(SHA256, converted.measured().digests().sha256())
                .put("sha512", converted.measured().digests().sha512());
        statement.put("predicateType", PREDICATE);
        var predicate = statement
                .putObject("predicate")
                .put("diskFormat", format)
                .put("size", converted.measured().size());
        predicate
                .putObject("convertedFrom")
                .put("name", name)
                .putObject("digest")
                .put(SHA256, image.measured().digests().sha256());
        predicate
                .putObject("release")
                .put("name", "SHA256SUMS")
                .putObject("digest")
                .put(SHA256, release.checksumsSha256());
        return statement;
    }

    /** @throws IllegalArgumentException when it is none */
    public static Conversion read(String text) {
        try {
            var statement = JSON.readTree(text);
            if (!statement.path("_type").asString("").equals(TYPE)
                    || !statement.path("predicateType").asString("").equals(PREDICATE)
                    || statement.path("subject").size() != 1) {
                throw new IllegalArgumentException("it is none about one file in another disk format");
            }
            var predicate = statement.path("predicate");
            var format = predicate.path("diskFormat").asString("");
            if (!format.matches("[a-z0-9]{1,20}")) {
                throw new IllegalArgumentException("it names no disk format");
            }
            return new Conversion(
                    format,
                    digest(statement.path("subject").path(0)),
                    digest(predicate.path("convertedFrom")),
                    digest(predicate.path("release")));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it can't be read", e);
        }
    }

    private static String digest(JsonNode file) {
        var digest = file.path("digest").path(SHA256).asString("");
        if (!digest.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a digest in it is none");
        }
        return digest;
    }
}
