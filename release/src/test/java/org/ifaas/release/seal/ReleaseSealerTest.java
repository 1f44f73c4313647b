package org.ifaas.release.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Signer;
import org.ifaas.factory.signing.Verifier.Check;
import org.ifaas.release.Tools;
import org.ifaas.release.audit.HashdeepAuditor;
import org.ifaas.release.audit.ReleaseFiles;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.ReleaseKeyPolicy;
import org.ifaas.release.verify.CustomerVerifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseSealerTest {
    private static final String IMAGE = "files/debian-12-20260101.qcow2";
    private static final List<String> DETACHED = List.of(IMAGE, "files/tests/junit.xml");

    private final ParallelMeasurer measurer = new ParallelMeasurer();
    private final List<String> log = new ArrayList<>();

    @TempDir
    Path folder;

    private Path release;
    private Map<String, Measured> known;
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
        signer = signer("keys");
    }

    @Test
    void aSealedReleasePassesEveryCheckOfACustomer() throws Exception {
        var digest = seal();

        assertThat(ReleaseFiles.below(release, ""))
                .containsExactlyInAnyOrder(
                        IMAGE,
                        IMAGE + ".asc",
                        "files/packages.txt",
                        "files/tests/junit.xml",
                        "files/tests/junit.xml.asc",
                        "files/tests/a name with spaces & signs.log",
                        "AUDIT.hashdeep",
                        "SHA256SUMS",
                        "SHA256SUMS.asc",
                        "release-key.asc",
                        "release-key.gpg");
        var checks = verify();
        assertThat(checks)
                .hasSize(6)
                .allSatisfy(
                        check -> assertThat(check.passed()).as(check.toString()).isTrue());
        assertThat(digest)
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
    void oneFlippedByteInAnyCoveredFileFailsACheck() throws Exception {
        seal();
        var random = new Random(11);
        for (var name : ReleaseFiles.below(release, "")) {
            var file = release.resolve(name);
            var whole = Files.readAllBytes(file);
            for (var at : new TreeSet<>(List.of(0, whole.length - 1, random.nextInt(whole.length)))) {
                var flipped = whole.clone();
                flipped[at] ^= 1;
                Files.write(file, flipped);
                if (name.equals("SHA256SUMS.asc")) {
                    continue; // nothing covers it; some bits of an armored signature don't matter
                }
                assertThat(verify()).as("%s, byte %d", name, at).anyMatch(check -> !check.passed());
            }
            Files.write(file, whole);
        }
        assertThat(verify()).allMatch(Check::passed);
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
    void aReleaseResealedByAnotherKeyPassesOnlyWhereThatKeyIsAccepted() throws Exception {
        seal();
        var ours = signer.usableKey().fingerprint();
        signer = signer("others");
        seal();

        assertThat(new CustomerVerifier().verify(release)).allMatch(Check::passed);
        var pinned = new CustomerVerifier(Set.of(ours)).verify(release);
        assertThat(pinned.getFirst().passed()).isFalse();
        assertThat(pinned.getFirst().output())
                .contains("signed by " + signer.usableKey().fingerprint() + ", not by " + ours);
    }

    @Test
    void aReleaseSignedByAKeyThatHasExpiredSinceIsRefused() throws Exception {
        signer = new OpenPgpSigner(
                ReleaseKeyPolicy.defaults(folder.resolve("old")),
                InstantSource.fixed(Instant.parse("2020-01-01T00:00:00Z")));
        seal();

        assertThat(failed()).contains("the signature of SHA256SUMS is good");
        assertThat(new CustomerVerifier().verify(release).getFirst().output()).contains("EXPKEYSIG");
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

    private String seal() throws Exception {
        return new ReleaseSealer(signer, new HashdeepAuditor(measurer), measurer)
                .seal(release, known, DETACHED, log::add);
    }

    private List<Check> verify() throws Exception {
        return new CustomerVerifier(Set.of(signer.usableKey().fingerprint())).verify(release);
    }

    private List<String> failed() throws Exception {
        return new CustomerVerifier()
                .verify(release).stream()
                        .filter(check -> !check.passed())
                        .map(Check::name)
                        .toList();
    }

    private Signer signer(String keys) {
        return new OpenPgpSigner(ReleaseKeyPolicy.defaults(folder.resolve(keys)), InstantSource.system());
    }
}
