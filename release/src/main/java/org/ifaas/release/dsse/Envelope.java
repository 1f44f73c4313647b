package org.ifaas.release.dsse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Signer;
import org.ifaas.release.openpgp.DetachedSignature;
import org.ifaas.release.openpgp.NotSigned;
import org.ifaas.release.openpgp.PinnedKeys;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * An in-toto statement in an envelope after DSSE, whose signature is a detached one of OpenPGP: every kind of release key can
 * make it, and {@code gpgv} checks it by the same rules as all the others of the release.
 */
public record Envelope(String statement) {
    static final String PAYLOAD_TYPE = "application/vnd.in-toto+json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public String sign(Signer signer, String keyFingerprint) throws StageFailure, IOException {
        var signature = DetachedSignature.packet(signer.signature(toBeSigned()));
        var envelope = JSON.createObjectNode().put("payloadType", PAYLOAD_TYPE).put("payload", payload());
        envelope.putArray("signatures")
                .addObject()
                .put("keyid", keyFingerprint)
                .put("sig", Base64.getEncoder().encodeToString(signature));
        return JSON.writeValueAsString(envelope) + "\n";
    }

    /**
     * The statement in an envelope that one of the keys has signed as it stands.
     *
     * @throws NotSigned with the reason why none has
     */
    public static Envelope open(String json, PinnedKeys keys, Instant now) throws NotSigned {
        try {
            var envelope = STRICT.readTree(json);
            var payload = Base64.getDecoder().decode(envelope.path("payload").asString(""));
            var statement = new Envelope(new String(payload, StandardCharsets.UTF_8));
            if (!envelope.path("payloadType").asString("").equals(PAYLOAD_TYPE)
                    || !statement.payload().equals(envelope.path("payload").asString(""))) {
                throw new NotSigned("it holds no in-toto statement");
            }
            NotSigned last = new NotSigned("it has no signature");
            for (var signature : envelope.path("signatures")) {
                try {
                    var packet =
                            Base64.getDecoder().decode(signature.path("sig").asString(""));
                    keys.check(packet, statement.toBeSigned(), now);
                    return statement;
                } catch (NotSigned why) {
                    last = why;
                }
            }
            throw last;
        } catch (JacksonException | IllegalArgumentException damaged) {
            throw new NotSigned("it is no DSSE envelope");
        }
    }

    /** The statement of an envelope, whoever has signed it. */
    public static Envelope read(Path file) throws IOException {
        try {
            var payload =
                    JSON.readTree(Files.readAllBytes(file)).path("payload").asString("");
            return new Envelope(new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8));
        } catch (JacksonException | IllegalArgumentException damaged) {
            throw new IOException(file + " is no envelope of a statement: " + damaged.getMessage(), damaged);
        }
    }

    /** Whether that file is an envelope of this statement, whoever has signed it. */
    public boolean isIn(Path file) throws IOException {
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

    /** Whether that file is an envelope of this statement, and the key has signed it. */
    public boolean isIn(Path file, Signer.Key key) throws IOException {
        if (!isIn(file)) {
            return false;
        }
        for (var signature : JSON.readTree(Files.readAllBytes(file)).path("signatures")) {
            try {
                var packet = Base64.getDecoder().decode(signature.path("sig").asString(""));
                if (DetachedSignature.verifies(packet, toBeSigned(), key)) {
                    return true;
                }
            } catch (IllegalArgumentException damaged) {
                // Another one may be good.
            }
        }
        return false;
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
