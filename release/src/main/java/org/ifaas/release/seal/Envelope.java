package org.ifaas.release.seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Signer;
import org.ifaas.release.openpgp.DetachedSignature;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * An in-toto statement in an envelope after DSSE, whose signature is a detached one of OpenPGP: every kind of release key can
 * make it, and {@code gpgv} checks it by the same rules as all the others of the release.
 */
record Envelope(String statement) {
    static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    String sign(Signer signer, String keyFingerprint) throws StageFailure, IOException {
        var signature = DetachedSignature.packet(signer.signature(toBeSigned()));
        var envelope = JSON.createObjectNode().put("payloadType", PAYLOAD_TYPE).put("payload", payload());
        envelope.putArray("signatures")
                .addObject()
                .put("keyid", keyFingerprint)
                .put("sig", Base64.getEncoder().encodeToString(signature));
        return JSON.writeValueAsString(envelope) + "\n";
    }

    /** The statement of an envelope, whoever has signed it. */
    static Envelope read(Path file) throws IOException {
        try {
            var payload =
                    JSON.readTree(Files.readAllBytes(file)).path("payload").asString("");
            return new Envelope(new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8));
        } catch (JacksonException | IllegalArgumentException damaged) {
            throw new IOException(file + " is no envelope of a statement: " + damaged.getMessage(), damaged);
        }
    }

    /** Whether that file is an envelope of this statement, whoever has signed it. */
    boolean isIn(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            return JSON.readTree(Files.readAllBytes(file))
                    .path("payload")
                    .asString("")
                    .equals(payload());
        } catch (JacksonException damaged) {
            return false;
        }
    }

    /** DSSE's pre-authentication encoding, which binds the type to the payload. */
    private byte[] toBeSigned() {
        var body = statement.getBytes(StandardCharsets.UTF_8);
        return "DSSEv1 %d %s %d %s"
                .formatted(PAYLOAD_TYPE.length(), PAYLOAD_TYPE, body.length, statement)
                .getBytes(StandardCharsets.UTF_8);
    }

    private String payload() {
        return Base64.getEncoder().encodeToString(statement.getBytes(StandardCharsets.UTF_8));
    }
}
