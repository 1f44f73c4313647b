package org.ifaas.release.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Sealer;
import org.ifaas.factory.signing.Sealer.Seal;
import org.ifaas.factory.signing.Signer;
import org.ifaas.factory.signing.Verifier.Check;
import org.ifaas.release.Tools;
import org.ifaas.release.audit.HashdeepAuditor;
import org.ifaas.release.audit.ReleaseFiles;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.SigningKeyPolicy;
import org.ifaas.release.verify.CustomerVerifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ReleaseSealerTest {
    private static final String IMAGE = "files/debian-12-20260101.qcow2";
    private static final List<String> DETACHED = List.of(IMAGE, "files/tests/junit.xml");

    private final ParallelMeasurer measurer = new ParallelMeasurer();
    private final List<String> log = new ArrayList<>();

    @TempDir
    Path folder;

    private Path release;
    private Map<String, Measured> known;
    private String provenance;
    private Signer signer;

    @BeforeEach
    void aFinishedBuild() throws Exception {
        release = Files.createDirectories(folder.resolve("release"));
        Files.createDirectories(release.resolve("files/tests"));
        var image = new byte[700_000];
        new Random(5).nextBytes(image);
        Files.write(release.resolve(IMAGE), image);
        Files.writeString(release.resolve("files/packages.txt"), "bash\t5.2\tamd64\tbash\n");
        Files.writeString(release.resolve("files/tests/junit.xml"), "<testsuites/>\n");
        Files.writeString(release.resolve("files/tests/a name with spaces & signs.log"), "ok 1\n");
        known = Map.of(IMAGE, measurer.measure(release.resolve(IMAGE)));
        provenance = statement(known.get(IMAGE).digests().sha256());
        signer = signer("keys");
    }

    @Test
    void aSealedReleasePassesEveryCheckOfACustomer() throws Exception {
        var seal = seal();

        assertThat(ReleaseFiles.below(release, ""))
                .containsExactlyInAnyOrder(
                        IMAGE,
                        IMAGE + ".asc",
                        "files/packages.txt",
                        "files/tests/junit.xml",
                        "files/tests/junit.xml.asc",
                        "files/tests/a name with spaces & signs.log",
                        "AUDIT.hashdeep",
                        "provenance.intoto.json",
                        "SHA256SUMS",
                        "SHA256SUMS.asc",
                        "release-key.asc",
                        "release-key.gpg");
        var checks = verify();
        assertThat(checks)
                .hasSize(8)
                .allSatisfy(
                        check -> assertThat(check.passed()).as(check.toString()).isTrue());
        assertThat(seal.keyFingerprint()).isEqualTo(signer.usableKey().fingerprint());
        assertThat(seal.checksumsSha256())
                .isEqualTo(measurer.measure(release.resolve("SHA256SUMS"))
                        .digests()
                        .sha256());
        for (var check : checks) {
            var typed = Tools.run(release, "bash", "-o", "pipefail", "-c", check.command());
            assertThat(typed.exitCode())
                    .as(check.command() + "\n" + typed.text())
                    .isZero();
        }
    }

    @Test
    void theCommandLinesAreThoseOfTheDocumentForCustomers() throws Exception {
        seal();
        var document = Files.readString(Path.of("../docs/verify.md"));

        assertThat(verify())
                .filteredOn(check -> !check.name().contains("junit.xml"))
                .allSatisfy(check -> {
                    var typed =
                            check.command().replace(IMAGE, "files/IMAGE.qcow2").replace("; }; ", "; }\n");
                    assertThat(typed.lines())
                            .allSatisfy(line -> assertThat(document).contains("    " + line + "\n"));
                });
    }

    @Test
    void oneFlippedByteInAnyCoveredFileFailsEachCheckThatCoversIt() throws Exception {
        seal();
        var random = new Random(11);
        for (var name : ReleaseFiles.below(release, "")) {
            var file = release.resolve(name);
            var whole = Files.readAllBytes(file);
            for (var at : new TreeSet<>(List.of(0, whole.length - 1, random.nextInt(whole.length)))) {
                var flipped = whole.clone();
                flipped[at] ^= 1;
                Files.write(file, flipped);
                assertThat(failed()).as("%s, byte %d", name, at).containsAll(covering(name));
            }
            Files.write(file, whole);
        }
        assertThat(verify()).allMatch(Check::passed);
    }

    /** The checks of which each has to tell that the file was changed. None covers SHA256SUMS.asc: some of its bits don't matter. */
    private List<String> covering(String name) {
        var checks = new ArrayList<String>();
        if (Files.exists(release.resolve(name + ".asc"))) {
            checks.add("the signature of " + name + " is good");
        }
        if (name.startsWith("files/")) {
            checks.add("the audit set fits files/");
        }
        if (!name.startsWith("SHA256SUMS")) {
            checks.add("every file is what SHA256SUMS says");
        }
        return checks;
    }

    @Test
    void theSignatureOfTheChecksumsIsNeeded() throws Exception {
        seal();
        Files.delete(release.resolve("SHA256SUMS.asc"));
        assertThat(failed()).contains("the signature of SHA256SUMS is good");
    }

    @Test
    void anUncoveredFileOrLinkFailsACheck() throws Exception {
        seal();
        Files.writeString(release.resolve("files/extra"), "x");
        assertThat(failed()).contains("SHA256SUMS covers every file", "the audit set fits files/");
        Files.delete(release.resolve("files/extra"));
        Files.createSymbolicLink(release.resolve("link"), Path.of("SHA256SUMS"));
        assertThat(failed()).containsExactly("SHA256SUMS covers every file");
    }

    @Test
    void aMissingOrRenamedFileFailsACheck() throws Exception {
        seal();
        Files.move(release.resolve("files/packages.txt"), release.resolve("files/p.txt"));
        assertThat(failed()).contains("every file is what SHA256SUMS says", "the audit set fits files/");
    }

    @Test
    void aReleaseThatWasSignedAnewByAnotherKeyIsRefusedThoughThatKeyLiesBesideIt() throws Exception {
        var ours = seal().keyFingerprint();
        signer = signer("others");
        var theirs = seal().keyFingerprint();

        assertThat(verify()).as("it is whole").allMatch(Check::passed);
        var signatures = new CustomerVerifier()
                .verify(release, ours).stream()
                        .filter(check -> check.name().contains("signature"))
                        .toList();
        assertThat(signatures).hasSize(4).allSatisfy(check -> {
            assertThat(check.passed()).as(check.name()).isFalse();
            assertThat(check.output()).contains("signed by " + theirs + ", but this factory signed it by " + ours);
            assertThat(check.mend()).contains("Don't use or publish", "a key of their own");
        });
    }

    @Test
    void aProvenanceThatSpeaksOfAnotherImageFailsACheck() throws Exception {
        provenance = statement("0".repeat(64));
        seal();
        assertThat(failed()).containsExactly("the provenance speaks of this image");
    }

    @Test
    void aProvenanceWithAnotherContentFailsACheckOfItsOwn() throws Exception {
        seal();
        var file = release.resolve(Sealer.PROVENANCE);
        var envelope = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
        envelope.put("payload", Base64.getEncoder().encodeToString("{}".getBytes(StandardCharsets.UTF_8)));
        Files.writeString(file, envelope.toString());
        assertThat(failed()).contains("the signature of the provenance is good", "the provenance speaks of this image");
    }

    @Test
    void theStatementLiesInItsEnvelopeAsItWasGiven() throws Exception {
        seal();
        var envelope = JsonMapper.shared().readTree(Files.readString(release.resolve(Sealer.PROVENANCE)));

        assertThat(envelope.get("payloadType").asString()).isEqualTo("application/vnd.in-toto+json");
        assertThat(new String(Base64.getDecoder().decode(envelope.get("payload").asString()), StandardCharsets.UTF_8))
                .isEqualTo(provenance);
        assertThat(envelope.at("/signatures/0/keyid").asString())
                .isEqualTo(signer.usableKey().fingerprint());
    }

    @Test
    void aReleaseOfAnOlderFactoryHasNoProvenanceAndVerifies() throws Exception {
        seal();
        Files.delete(release.resolve(Sealer.PROVENANCE));
        assertThat(failed()).contains("every file is what SHA256SUMS says");
        new HashdeepAuditor(measurer).checksums(release, Map.of());
        signer.sign(release.resolve("SHA256SUMS"));

        assertThat(verify()).hasSize(6).allMatch(Check::passed);
        seal();
        assertThat(verify()).hasSize(8).allMatch(Check::passed);
    }

    @Test
    void anotherProvenanceBreaksTheSealAndMakesItAnew() throws Exception {
        var first = seal();
        provenance = provenance.replace("bookworm", "trixie");

        assertThat(seal()).isNotEqualTo(first);
        assertThat(verify()).allMatch(Check::passed);
    }

    @Test
    void aReleaseSignedByAKeyThatHasExpiredSinceIsRefused() throws Exception {
        signer = new OpenPgpSigner(
                SigningKeyPolicy.defaults(folder.resolve("old")),
                InstantSource.fixed(Instant.parse("2020-01-01T00:00:00Z")));
        seal();

        assertThat(failed()).contains("the signature of SHA256SUMS is good");
        assertThat(verify().getFirst().output()).contains("EXPKEYSIG");
        assertThat(verify().getFirst().mend()).contains("ask who signed it");
    }

    @Test
    void anIntactSealStaysAsItIs() throws Exception {
        var first = seal();
        var signature = Files.readAllBytes(release.resolve("SHA256SUMS.asc"));

        assertThat(seal()).isEqualTo(first);
        assertThat(Files.readAllBytes(release.resolve("SHA256SUMS.asc"))).isEqualTo(signature);
        assertThat(log.getLast()).contains("sealed already");
    }

    @Test
    void aBrokenOrHalfMadeSealIsMadeAnew() throws Exception {
        var first = seal();
        Files.writeString(release.resolve("files/packages.txt"), "dash\n", StandardOpenOption.APPEND);
        var second = seal();
        assertThat(second).isNotEqualTo(first);
        assertThat(verify()).allMatch(Check::passed);

        Files.delete(release.resolve("SHA256SUMS.asc"));
        Files.writeString(release.resolve("SHA256SUMS"), "half");
        seal();
        assertThat(verify()).allMatch(Check::passed);
    }

    @Test
    void aKnownFileThatDiffersIsNotSealed() throws Exception {
        Files.writeString(release.resolve(IMAGE), "x", StandardOpenOption.APPEND);

        assertThatThrownBy(this::seal)
                .asInstanceOf(InstanceOfAssertFactories.type(StageFailure.class))
                .returns(Blame.FACTORY, StageFailure::blame)
                .extracting(Throwable::getMessage)
                .asString()
                .contains("debian-12-20260101.qcow2 is not what was measured");
        assertThat(release.resolve("SHA256SUMS.asc")).doesNotExist();
    }

    @Test
    void aKnownFileWithoutASignatureOfItsOwnIsComparedAsWell() throws Exception {
        known = Map.of("files/packages.txt", measurer.measure(release.resolve(IMAGE)));

        assertThatThrownBy(this::seal).hasMessageContaining("packages.txt is not what was measured");
    }

    @Test
    void aLinkOrANameThatToolsCannotListIsRefused() throws Exception {
        Files.createSymbolicLink(release.resolve("files/link"), Path.of("packages.txt"));
        assertThatThrownBy(this::seal).hasMessageContaining("files/link is neither a plain file nor a folder");
        Files.delete(release.resolve("files/link"));
        Files.writeString(release.resolve("files/a\nb"), "x");
        assertThatThrownBy(this::seal).hasMessageContaining("can't hold the name files/a?b");
    }

    @Test
    void aReleaseWhoseKeyHasExpiredIsSignedAnewAndVerifies() throws Exception {
        signer = new OpenPgpSigner(
                SigningKeyPolicy.defaults(folder.resolve("old")),
                InstantSource.fixed(Instant.parse("2020-01-01T00:00:00Z")));
        var before = seal();
        var image = Files.readAllBytes(release.resolve(IMAGE));
        var oldSums = Files.readAllBytes(release.resolve("SHA256SUMS"));
        signer = signer("keys");

        var after = reseal(before);

        assertThat(after.keyFingerprint()).isEqualTo(signer.usableKey().fingerprint());
        assertThat(verify())
                .hasSize(8)
                .allSatisfy(
                        check -> assertThat(check.passed()).as(check.toString()).isTrue());
        assertThat(release.resolve(IMAGE)).hasBinaryContent(image);
        var evidence = release.resolve("earlier-seals")
                .resolve(before.checksumsSha256().substring(0, 16));
        assertThat(evidence.resolve("SHA256SUMS")).hasBinaryContent(oldSums);
        assertThat(ReleaseFiles.below(evidence, ""))
                .containsExactlyInAnyOrder(
                        "AUDIT.hashdeep",
                        "SHA256SUMS",
                        "SHA256SUMS.asc",
                        "provenance.intoto.json",
                        "release-key.asc",
                        "release-key.gpg",
                        IMAGE + ".asc",
                        "files/tests/junit.xml.asc");
        var envelope = JsonMapper.shared().readTree(Files.readString(release.resolve(Sealer.PROVENANCE)));
        assertThat(new String(Base64.getDecoder().decode(envelope.get("payload").asString()), StandardCharsets.UTF_8))
                .isEqualTo(provenance);

        signer = signer("third");
        reseal(after);
        assertThat(verify()).allMatch(Check::passed);
        assertThat(release.resolve("earlier-seals")).isDirectoryContaining(path -> path.equals(evidence));
    }

    @Test
    void theKeyOfTodayNeedNotSignAgain() throws Exception {
        var before = seal();
        assertThat(reseal(before)).isEqualTo(before);
        assertThat(release.resolve("earlier-seals")).doesNotExist();
    }

    @Test
    void signingAnewGoesOnWhereACrashEndedIt() throws Exception {
        var before = seal();
        signer = signer("others");
        reseal(before);
        Files.delete(release.resolve("SHA256SUMS.asc"));
        Files.writeString(release.resolve("SHA256SUMS"), "half");

        var after = reseal(before);
        assertThat(verify()).allMatch(Check::passed);
        assertThat(reseal(before)).isEqualTo(after);
    }

    @Test
    void whatACrashHasLeftOfAnEarlierSealIsGoneAfterwards() throws Exception {
        var before = seal();
        var left = Files.createDirectories(release.resolve("earlier-seals/.unfinished/files/tests"));
        Files.writeString(left.resolve("junit.xml.asc"), "half");
        signer = signer("others");

        reseal(before);
        assertThat(verify()).allMatch(Check::passed);
        assertThat(release.resolve("earlier-seals")).isDirectoryNotContaining("glob:**/.unfinished");
    }

    @Test
    void aReleaseThatIsNotWhatWasSealedIsNotSignedAnew() throws Exception {
        var before = seal();
        signer = signer("others");
        var packages = release.resolve("files/packages.txt");
        var whole = Files.readString(packages);

        Files.writeString(packages, "dash\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> reseal(before)).hasMessageContaining("packages.txt has sha256");
        Files.delete(packages);
        assertThatThrownBy(() -> reseal(before)).hasMessageContaining("packages.txt is missing");
        Files.writeString(packages, whole);
        Files.writeString(release.resolve("files/extra"), "x");
        assertThatThrownBy(() -> reseal(before)).hasMessageContaining("files/extra was added");
        Files.delete(release.resolve("files/extra"));

        assertThat(new CustomerVerifier().verify(release, before.keyFingerprint()))
                .as("the seal that stood still stands")
                .allMatch(Check::passed);
        reseal(before);
        assertThat(verify()).allMatch(Check::passed);
    }

    @Test
    void checksumsThatTheJournalDoesNotKnowAreNoProof() throws Exception {
        var before = seal();
        Files.writeString(release.resolve("files/packages.txt"), "dash\n", StandardOpenOption.APPEND);
        signer = signer("others");
        seal();
        assertThatThrownBy(() -> reseal(before)).hasMessageContaining("SHA256SUMS is not the one that was signed");
        assertThat(release.resolve("earlier-seals")).doesNotExist();
    }

    private Seal reseal(Seal before) throws Exception {
        return new ReleaseSealer(signer, new HashdeepAuditor(measurer), measurer)
                .reseal(release, new Sealer.Standing(before, known), log::add);
    }

    private Seal seal() throws Exception {
        return new ReleaseSealer(signer, new HashdeepAuditor(measurer), measurer)
                .seal(release, new Sealer.Contents(known, DETACHED, provenance), log::add);
    }

    /** By the key that has sealed it last. */
    private List<Check> verify() throws Exception {
        return new CustomerVerifier().verify(release, signer.usableKey().fingerprint());
    }

    private List<String> failed() throws Exception {
        return verify().stream()
                .filter(check -> !check.passed())
                .map(Check::name)
                .toList();
    }

    private static String statement(String sha256) {
        var name = Path.of(IMAGE).getFileName();
        return "{\"subject\": [{\"name\": \"%s\", \"digest\": {\"sha256\": \"%s\"}}], \"title\": \"Bücher, bookworm\"}\n"
                .formatted(name, sha256);
    }

    private Signer signer(String keys) {
        return new OpenPgpSigner(SigningKeyPolicy.defaults(folder.resolve(keys)), InstantSource.system());
    }
}
