package org.ifaas.release.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.signing.Sealer;
import org.ifaas.factory.signing.Sealer.Seal;
import org.ifaas.factory.signing.Signer;
import org.ifaas.factory.signing.Verifier.Check;
import org.ifaas.release.Tools;
import org.ifaas.release.attest.ReleaseAttester;
import org.ifaas.release.audit.HashdeepAuditor;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.SigningKeyPolicy;
import org.ifaas.release.verify.CustomerVerifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is stated of a release after it was sealed. */
class StatementsTest {
    private static final String IMAGE = "files/debian-12-20260101.qcow2";
    private static final String RAW = "statements/raw.intoto.json";
    private static final Converted CONVERTED = new Converted(
            DiskFormat.RAW, new Measured(3L << 30, new Digests("d".repeat(32), "d".repeat(64), "d".repeat(128))));

    private final ParallelMeasurer measurer = new ParallelMeasurer();
    private final List<String> log = new ArrayList<>();

    @TempDir
    Path folder;

    private Path release;
    private Signer signer;
    private Measured image;
    private Seal seal;

    @BeforeEach
    void aSealedRelease() throws Exception {
        release = folder.resolve("release");
        Files.createDirectories(release.resolve("files"));
        Files.writeString(release.resolve(IMAGE), "an image");
        image = measurer.measure(release.resolve(IMAGE));
        signer = signer("keys");
        seal = seal();
    }

    @Test
    void oneLiesBesideTheSealWhichStaysAsItIs() throws Exception {
        state(statement());

        assertThat(seal()).isEqualTo(seal);
        assertThat(verify())
                .hasSize(10)
                .allSatisfy(
                        check -> assertThat(check.passed()).as(check.toString()).isTrue());
        for (var check : verify()) {
            var typed = Tools.run(release, "bash", "-o", "pipefail", "-c", check.command());
            assertThat(typed.exitCode())
                    .as(check.command() + "\n" + typed.text())
                    .isZero();
        }
    }

    @Test
    void theCommandLinesAreThoseOfTheDocumentForCustomers() throws Exception {
        state(statement());
        var document = Files.readString(Path.of("../docs/verify.md"));
        assertThat(verify()).allSatisfy(check -> {
            var typed = check.command().replace(IMAGE, "files/IMAGE.qcow2").replace("; }; ", "; }\n");
            assertThat(typed.lines()).allSatisfy(line -> assertThat(document).contains("    " + line + "\n"));
        });
    }

    @Test
    void itSaysWhatWasConvertedFromWhat() throws Exception {
        state(statement());
        var said = Tools.must(release, "bash", "-c", "jq -r .payload " + RAW + " | base64 -d | jq -c .");
        assertThat(said)
                .contains(
                        "\"subject\":[{\"name\":\"debian-12-20260101.raw\",\"digest\":{\"sha256\":\"" + "d".repeat(64),
                        "\"predicateType\":\"urn:ifaas:disk-format:v1\"",
                        "\"diskFormat\":\"raw\",\"size\":3221225472",
                        "\"convertedFrom\":{\"name\":\"debian-12-20260101.qcow2\",\"digest\":{\"sha256\":\""
                                + image.digests().sha256(),
                        "\"release\":{\"name\":\"SHA256SUMS\",\"digest\":{\"sha256\":\"" + seal.checksumsSha256());
    }

    @Test
    void oneFlippedByteInItFailsACheck() throws Exception {
        state(statement());
        var file = release.resolve(RAW);
        var whole = Files.readAllBytes(file);
        var payload = Files.readString(file).indexOf("\"payload\"") + 20;
        for (var at : new TreeSet<>(List.of(0, payload, payload + new Random(3).nextInt(200)))) {
            var flipped = whole.clone();
            flipped[at] ^= 1;
            Files.write(file, flipped);
            assertThat(failed()).as("byte %d", at).isNotEmpty();
        }
        Files.write(file, whole);
        assertThat(failed()).isEmpty();
    }

    @Test
    void oneThatSpeaksOfAnotherImageOrReleaseFailsACheck() throws Exception {
        state(statement().replace(image.digests().sha256(), "0".repeat(64)));
        assertThat(failed()).containsExactly(RAW + " speaks of this image");
        state(statement().replace(seal.checksumsSha256(), "0".repeat(64)));
        assertThat(failed()).containsExactly(RAW + " speaks of this release");
    }

    @Test
    void oneByAnotherKeyFailsACheckAndIsReplacedByTheKeyOfTheFactory() throws Exception {
        var ours = signer;
        signer = signer("others");
        state(statement());
        signer = ours;
        assertThat(failed()).containsExactly("the signature of " + RAW + " is good");
        state(statement());
        assertThat(failed()).isEmpty();
    }

    @Test
    void anythingElseInItsFolderIsNotCovered() throws Exception {
        state(statement());
        Files.writeString(release.resolve("statements/readme"), "x");
        assertThat(failed()).containsExactly("SHA256SUMS covers every file");
        Files.delete(release.resolve("statements/readme"));
        Files.writeString(release.resolve("statements/$(touch x) .intoto.json"), "x");
        assertThat(failed()).contains("the signature of statements/$(touch x) .intoto.json is good");
        assertThat(release.resolve("x")).doesNotExist();
    }

    @Test
    void theSameAgainStaysAsItIsAndWhatACrashHasLeftGoes() throws Exception {
        state(statement());
        var first = Files.readAllBytes(release.resolve(RAW));
        state(statement());
        assertThat(release.resolve(RAW)).hasBinaryContent(first);
        assertThat(log.getLast()).contains("signed already");

        Files.writeString(release.resolve("statements/.raw.intoto.json.1.part"), "half");
        state(statement().replace("3221225472", "1"));
        try (var files = Files.list(release.resolve("statements"))) {
            assertThat(files).containsExactly(release.resolve(RAW));
        }
        assertThat(failed()).isEmpty();
    }

    @Test
    void aReleaseThatIsSignedAnewKeepsTheEarlierOneAsEvidence() throws Exception {
        state(statement());
        var before = Files.readAllBytes(release.resolve(RAW));
        signer = signer("new");
        var earlier = seal;
        seal = new ReleaseSealer(signer, new HashdeepAuditor(measurer), measurer)
                .reseal(release, new Sealer.Standing(seal, Map.of(IMAGE, image)), log::add);
        assertThat(failed()).containsExactly("the signature of " + RAW + " is good", RAW + " speaks of this release");

        state(statement());
        assertThat(failed()).isEmpty();
        assertThat(release.resolve("earlier-seals")
                        .resolve(earlier.checksumsSha256().substring(0, 16))
                        .resolve(RAW))
                .hasBinaryContent(before);
    }

    private String statement() {
        var built = new ImageBuilt("releases/debian-12/20260101/" + IMAGE, image, 1, "p", 1, null, null, List.of());
        var sealed = new ReleaseSealed("f", seal.checksumsSha256(), seal.keyFingerprint(), Instant.EPOCH, List.of());
        return new ReleaseAttester("f4c70r", "1").conversion(built, sealed, CONVERTED);
    }

    private void state(String statement) throws Exception {
        new ReleaseSealer(signer, new HashdeepAuditor(measurer), measurer).state(release, "raw", statement, log::add);
    }

    private Seal seal() throws Exception {
        var provenance = "{\"subject\": [{\"name\": \"debian-12-20260101.qcow2\", \"digest\": {\"sha256\": \"%s\"}}]}\n"
                .formatted(image.digests().sha256());
        return new ReleaseSealer(signer, new HashdeepAuditor(measurer), measurer)
                .seal(release, new Sealer.Contents(Map.of(IMAGE, image), List.of(IMAGE), provenance), log::add);
    }

    private List<Check> verify() throws Exception {
        return new CustomerVerifier().verify(release, signer.usableKey().fingerprint());
    }

    private List<String> failed() throws Exception {
        return verify().stream()
                .filter(check -> !check.passed())
                .map(Check::name)
                .toList();
    }

    private Signer signer(String keys) {
        return new OpenPgpSigner(SigningKeyPolicy.defaults(folder.resolve(keys)), InstantSource.system());
    }
}
