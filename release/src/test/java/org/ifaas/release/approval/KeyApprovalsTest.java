package org.ifaas.release.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.publish.Approval;
import org.ifaas.factory.publish.Conversion;
import org.ifaas.factory.publish.NotApproved;
import org.ifaas.factory.publish.SignedApproval;
import org.ifaas.release.attest.ReleaseAttester;
import org.ifaas.release.dsse.Envelope;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.PinnedKeys;
import org.ifaas.release.openpgp.SigningKeyPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class KeyApprovalsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Approval APPROVAL = new Approval(
            new BuildId("aaaaaaaa"),
            "debian-12",
            "20261122-aaaaaaaa",
            "Standard_Debian_12",
            "a".repeat(64),
            "b".repeat(64),
            List.of(new ImageRef("west", "id-1"), new ImageRef("east", "id-2")),
            List.of("south"),
            1,
            "anna",
            "bea",
            "four-eyes",
            NOW,
            NOW.plusSeconds(60),
            "c".repeat(32));

    @TempDir
    Path folder;

    private KeyApprovals approvals(String name) {
        return new KeyApprovals(signer(name), () -> NOW);
    }

    private OpenPgpSigner signer(String name) {
        return new OpenPgpSigner(
                new SigningKeyPolicy(
                        SigningKeyPolicy.APPROVAL,
                        folder.resolve(name),
                        "Approvals <a@example.org>",
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofDays(100),
                        Duration.ofDays(14)),
                () -> NOW);
    }

    private PinnedApprovals pinned(String name, Instant now) throws Exception {
        signer(name).usableKey();
        var key = folder.resolve(name).resolve("approval-key.asc");
        return new PinnedApprovals(PinnedKeys.of(Files.readAllBytes(key)), () -> now);
    }

    @Test
    void whatIsApprovedIsReadAgainByWhoeverPinsTheKey() throws Exception {
        var signed = approvals("ours").sign(APPROVAL);
        assertThat(pinned("ours", NOW).open(signed.envelope())).isEqualTo(APPROVAL);
        assertThat(approvals("ours").open(signed.envelope())).isEqualTo(APPROVAL);
        assertThat(signed)
                .returns(NOW, SignedApproval::issued)
                .returns(APPROVAL.expires(), SignedApproval::expires)
                .returns(APPROVAL.nonce(), SignedApproval::nonce)
                .returns(APPROVAL.without(), SignedApproval::without);
        assertThat(PinnedKeys.of(Files.readAllBytes(folder.resolve("ours/approval-key.gpg")))
                        .fingerprints())
                .containsExactly(signed.key());
    }

    @Test
    void anotherKeyHasNotSignedIt() throws Exception {
        var signed = approvals("theirs").sign(APPROVAL).envelope();
        assertThatThrownBy(() -> pinned("ours", NOW).open(signed))
                .isInstanceOf(NotApproved.class)
                .hasMessageContainingAll("not signed by the pinned approval key", "another key has signed it than");
    }

    @Test
    void aKeyThatHasExpiredHasNotSignedIt() throws Exception {
        var signed = approvals("ours").sign(APPROVAL).envelope();
        var late = NOW.plus(Duration.ofDays(101));
        assertThatThrownBy(() -> pinned("ours", late).open(signed))
                .isInstanceOf(NotApproved.class)
                .hasMessageContaining("expired, or was revoked");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aaaaaaaa\"",
                "debian-12",
                "20261122-",
                "Standard_Debian_12",
                "aaaaaaaaaaaaaaaaaaaaaaaaa",
                "bbbbbbbbbbbbbbbbbbbbbbbbb",
                "west",
                "id-2",
                "anna",
                "bea",
                "four-eyes",
                "10:00:00",
                "10:01:00",
                "ccccccccccccccccccccc"
            })
    void whateverIsChangedInItBreaksTheSignature(String part) throws Exception {
        var envelope =
                JsonMapper.shared().readTree(approvals("ours").sign(APPROVAL).envelope());
        var payload =
                new String(Base64.getDecoder().decode(envelope.path("payload").asString()), StandardCharsets.UTF_8);
        assertThat(payload).contains(part);
        var changed = payload.replace(part, part.replaceFirst(".$", "").concat("d"));
        var forged = ((ObjectNode) envelope)
                .put("payload", Base64.getEncoder().encodeToString(changed.getBytes(StandardCharsets.UTF_8)))
                .toString();
        assertThatThrownBy(() -> pinned("ours", NOW).open(forged))
                .isInstanceOf(NotApproved.class)
                .hasMessageContaining("not over this content");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"!\",\"signatures\":[]}",
                "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"e30=\",\"signatures\":[{\"sig\":\"e30=\"}]}"
            })
    void whatIsNoEnvelopeIsRefused(String envelope) {
        assertThatThrownBy(() -> pinned("ours", NOW).open(envelope)).isInstanceOf(NotApproved.class);
    }

    @Test
    void aReleaseIsSealedByThePinnedKeyOrIsNone() throws Exception {
        var signer = signer("ours");
        var releases = new PinnedReleases(
                PinnedKeys.of(signer.usableKey().armored().getBytes(StandardCharsets.US_ASCII)), () -> NOW);
        var signature = signer.signature("sums".getBytes(StandardCharsets.UTF_8));
        releases.check("sums", signature);
        assertThatThrownBy(() -> releases.check("other", signature)).isInstanceOf(NotApproved.class);
        assertThatThrownBy(() -> releases.check("sums", "x")).isInstanceOf(NotApproved.class);
        var theirs = signer("theirs").signature("sums".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> releases.check("sums", theirs)).hasMessageContaining("another key has signed it");
    }

    @Test
    void aStatementAboutAConversionIsByThePinnedReleaseKeyOrIsNone() throws Exception {
        var measured = new Measured(1, new Digests("1", "d".repeat(64), "3"));
        var image = new Measured(1, new Digests("1", "a".repeat(64), "3"));
        var text = new ReleaseAttester("f4c70r", "1")
                .conversion(
                        new ImageBuilt("r/files/tiny.qcow2", image, 1, "p", 1, null, null, List.of()),
                        new ReleaseSealed("r", "b".repeat(64), "KEY", NOW, List.of()),
                        new Converted(DiskFormat.RAW, measured));
        var releases = new PinnedReleases(
                PinnedKeys.of(signer("ours").usableKey().armored().getBytes(StandardCharsets.US_ASCII)), () -> NOW);

        assertThat(releases.conversion(new Envelope(text).sign(signer("ours"), "KEY")))
                .isEqualTo(new Conversion("raw", "d".repeat(64), "a".repeat(64), "b".repeat(64)));
        var theirs = new Envelope(text).sign(signer("theirs"), "KEY");
        assertThatThrownBy(() -> releases.conversion(theirs))
                .isInstanceOf(NotApproved.class)
                .hasMessageContaining("not signed by the pinned release key: another key has signed it");
        for (var other : List.of(
                "{}",
                "[]",
                text.replace("disk-format:v1", "publication-approval:v1"),
                text.replace("\"raw\"", "\"../raw\""),
                text.replace("d".repeat(64), "none"),
                text.replace("a".repeat(64), "none"),
                text.replace("b".repeat(64), "none"))) {
            var signed = new Envelope(other).sign(signer("ours"), "KEY");
            assertThatThrownBy(() -> releases.conversion(signed))
                    .isInstanceOf(NotApproved.class)
                    .hasMessageContaining("can't be used");
        }
    }

    @Test
    void aFileMayHoldTheOldKeyAndTheNewOne() throws Exception {
        var both =
                signer("old").usableKey().armored() + signer("new").usableKey().armored();
        var keys = PinnedKeys.of(both.getBytes(StandardCharsets.US_ASCII));
        assertThat(keys.fingerprints()).hasSize(2);
        for (var name : List.of("old", "new")) {
            var signed = approvals(name).sign(APPROVAL).envelope();
            assertThat(new PinnedApprovals(keys, () -> NOW).open(signed)).isEqualTo(APPROVAL);
        }
    }

    @Test
    void aFileWithoutAPublicKeyPinsNothing() {
        assertThatThrownBy(() -> PinnedKeys.of("hello".getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("no public key");
    }
}
