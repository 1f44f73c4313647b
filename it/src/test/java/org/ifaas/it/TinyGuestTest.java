package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ifaas.api.BuildView;
import org.ifaas.api.CheckView;
import org.ifaas.api.HostView;
import org.ifaas.api.ReleaseView;
import org.ifaas.api.RequestView;
import org.ifaas.factory.publish.Conversion;
import org.ifaas.factory.signing.Sealer;
import org.ifaas.release.attest.ConversionStatement;
import org.ifaas.release.audit.HashdeepAuditor;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.release.dsse.Envelope;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.SigningKeyPolicy;
import org.ifaas.release.seal.ReleaseSealer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The whole pipeline with real hosts and a real guest, from the request to the publication. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(5)
class TinyGuestTest {
    private static final TestHome HOME = TestHome.make("tiny-guest");
    private static RunningFactory factory;
    private static BuildView build;
    private static BuildView untested;

    @BeforeAll
    static void buildIt() throws Exception {
        Files.writeString(
                HOME.path().resolve("ifaas.yaml"), """
                regions:
                  - {name: region-a, directory: %1$s/region-a}
                  - {name: region-b, directory: %1$s/region-b, disk_format: raw}
                reaper: {every: 1s}
                """.formatted(HOME.path().resolve("regions")));
        factory = RunningFactory.in(HOME.path());
        build = factory.awaitEnd(factory.build("{\"image\":\"busybox\"}").id());
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        factory.close();
        HOME.assertNothingIsLeftAndRemove();
    }

    @Test
    @Order(1)
    void allFifteenStagesAreDone() {
        assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
        assertThat(build.stages())
                .hasSize(15)
                .allSatisfy(stage -> assertThat(stage.state()).isEqualTo("DONE"));
    }

    @Test
    @Order(2)
    void theReleaseVerifiesWithTheCustomersTools() throws Exception {
        var checks = factory.post("/releases/busybox/latest/verify", "", CheckView[].class);
        assertThat(checks)
                .isNotEmpty()
                .allSatisfy(
                        check -> assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
    }

    @Test
    @Order(2)
    void theRegionThatWantsRawImagesHasWhatASignedStatementTiesToTheRelease() throws Exception {
        var image = RegionFolder.of(HOME.path(), "region-b").images().getFirst();
        assertThat(image.get("disk_format").asString()).isEqualTo("raw");
        var release = Path.of(build.release().folder());
        var raw = HOME.path().resolve("again.raw");
        var converted = new ProcessBuilder(
                        "qemu-img",
                        "convert",
                        "-f",
                        "qcow2",
                        "-O",
                        "raw",
                        release.resolve(build.release().file()).toString(),
                        raw.toString())
                .start();
        assertThat(converted.waitFor()).isZero();
        var measured = new ParallelMeasurer().measure(raw);
        assertThat(image.get("os_hash_value").asString())
                .isEqualTo(measured.digests().sha512());
        var statement =
                Envelope.read(release.resolve("statements/raw.intoto.json")).statement();
        assertThat(ConversionStatement.read(statement))
                .isEqualTo(new Conversion(
                        "raw",
                        measured.digests().sha256(),
                        build.release().sha256(),
                        new ParallelMeasurer()
                                .measure(release.resolve("SHA256SUMS"))
                                .digests()
                                .sha256()));
    }

    @Test
    @Order(3)
    void oneFlippedByteInAnyFileFailsEachCheckThatCoversIt() throws Exception {
        var release = Path.of(build.release().folder());
        try (var files = Files.walk(release)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                flipByte(file);
                var checks = factory.post("/releases/busybox/latest/verify", "", CheckView[].class);
                flipByte(file);
                assertThat(checks)
                        .as("%s has a flipped byte", file)
                        .filteredOn(check -> check.result().equals("failed"))
                        .extracting(CheckView::name)
                        .containsAll(covering(release, file));
            }
        }
        theReleaseVerifiesWithTheCustomersTools();
    }

    /** The checks of which each has to tell that the file was changed. None covers SHA256SUMS.asc: some of its bits don't matter. */
    private static List<String> covering(Path release, Path file) {
        var name = release.relativize(file).toString();
        var checks = new ArrayList<String>();
        if (name.startsWith("statements/") || Files.exists(release.resolve(name + ".asc"))) {
            checks.add("the signature of " + name + " is good");
        }
        if (name.startsWith("files/")) {
            checks.add("the audit set fits files/");
        }
        if (!name.startsWith("statements/") && !name.startsWith("SHA256SUMS")) {
            checks.add("every file is what SHA256SUMS says");
        }
        return checks;
    }

    @Test
    @Order(3)
    void aReleaseThatWasSignedAnewByAnotherKeyFailsTheVerification() throws Exception {
        var release = Path.of(build.release().folder());
        var ours = HOME.path().resolve("as-sealed");
        copy(release, ours);
        var measurer = new ParallelMeasurer();
        var others =
                new OpenPgpSigner(SigningKeyPolicy.defaults(HOME.path().resolve("others-key")), InstantSource.system());
        var contents = new Sealer.Contents(Map.of(), List.of(build.release().file()), "{}");
        new ReleaseSealer(others, new HashdeepAuditor(measurer), measurer).seal(release, contents, line -> {});

        var first = factory.post("/releases/busybox/latest/verify", "", CheckView[].class)[0];
        copy(ours, release);
        assertThat(first.result()).isEqualTo("failed");
        assertThat(first.detail())
                .contains("signed by " + others.usableKey().fingerprint())
                .contains("this factory signed it by " + build.release().keyFingerprint());
        assertThat(first.mend()).contains("a key of their own");
        theReleaseVerifiesWithTheCustomersTools();
    }

    private static void copy(Path from, Path to) throws Exception {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static void flipByte(Path file) throws Exception {
        var permissions = Files.getPosixFilePermissions(file);
        file.toFile().setWritable(true);
        try (var content = new RandomAccessFile(file.toFile(), "rw")) {
            long middle = content.length() / 2;
            content.seek(middle);
            int old = content.read();
            content.seek(middle);
            content.write(old ^ 1);
        }
        Files.setPosixFilePermissions(file, permissions);
    }

    @Test
    @Order(4)
    void theSameInputsAgainAreNothingToDoAndSpawnNoHost() throws Exception {
        var again = factory.awaitEnd(factory.build("{\"image\":\"busybox\"}").id());
        assertThat(again.state()).as(again.reason()).isEqualTo("UNCHANGED");
        assertThat(again.unchangedSince()).isEqualTo(build.release().id());
        assertThat(RunningFactory.stage(again, "spawn-build-host").state()).isEqualTo("SKIPPED");
    }

    @Test
    @Order(4)
    void aRetryFromTheTestsKeepsTheImageAndSpawnsNoHost() throws Exception {
        factory.post("/builds/" + build.id() + "/retry", "{\"from\":\"test-image\"}", BuildView.class);
        var again = factory.awaitEnd(build.id());
        assertThat(again.state()).as(again.reason()).isEqualTo("SUCCEEDED");
        assertThat(again.attempt()).isEqualTo(2);
        assertThat(RunningFactory.stage(again, "build-image").state()).isEqualTo("SKIPPED");
        assertThat(RunningFactory.stage(again, "test-image").state()).isEqualTo("DONE");
    }

    @Test
    @Order(5)
    void approvingMakesTheImagePublicInBothRegions() throws Exception {
        assertThat(build.release().images()).hasSize(2);
        var request = factory.post("/requests/" + build.id() + "/approve", "", RequestView.class);
        assertThat(request.state()).isEqualTo("PUBLISHED");
        assertThat(request.how()).isEqualTo("self-approved");
        for (var region : List.of("region-a", "region-b")) {
            assertThat(RegionFolder.of(HOME.path(), region).names()).containsExactly("Tiny_Busybox_amd64_bios_latest");
        }
    }

    @Test
    @Order(6)
    void anImageOfARegionIsTestedWithoutABuildHostAndNothingOfItChanges() throws Exception {
        var image = build.release().images().getLast();
        var before = RegionFolder.of(HOME.path(), "region-b").names();
        var tested = factory.awaitEnd(
                factory.build("{\"image\":\"busybox\",\"kind\":\"test\",\"imageId\":\"" + image + "\"}")
                        .id());
        assertTested(tested);
        assertThat(RegionFolder.of(HOME.path(), "region-b").names()).isEqualTo(before);
        theReleaseVerifiesWithTheCustomersTools();
    }

    @Test
    @Order(9)
    void aFileOfTheFactorysFolderIsTestedAndNoOtherOfTheMachine() throws Exception {
        var before = RegionFolder.of(HOME.path(), "region-a").names();
        var file = Path.of(build.release().folder(), build.release().file());
        Files.copy(file, HOME.path().resolve("to-test/mine.qcow2"));
        assertTested(factory.awaitEnd(factory.build("{\"image\":\"busybox\",\"kind\":\"test\",\"file\":\"mine.qcow2\"}")
                .id()));
        assertThat(RegionFolder.of(HOME.path(), "region-a").names()).isEqualTo(before);

        var elsewhere = factory.exchange(
                "POST", "/builds", "{\"image\":\"busybox\",\"kind\":\"test\",\"file\":\"" + file + "\"}");
        assertThat(elsewhere.statusCode()).isEqualTo(400);
        assertThat(elsewhere.body()).contains("\"field\":\"file\"", "is no plain file below", "tests.folder");
    }

    @Test
    @Order(6)
    void aReleaseOfTheKeyOfTodayNeedsNoNewSignature() throws Exception {
        var again =
                factory.awaitEnd(factory.post("/releases/busybox/" + build.serial() + "/resign", "", BuildView.class)
                        .id());
        assertThat(again.state()).as(again.reason()).isEqualTo("UNCHANGED");
        assertThat(again.release().id()).isEqualTo(build.release().id());
    }

    @Test
    @Order(9)
    void afterTheKeyWasRotatedAReleaseIsSignedAnewAndStaysPublic() throws Exception {
        var published = RegionFolder.of(HOME.path(), "region-a").names();
        factory.close();
        Files.move(HOME.path().resolve("keys"), HOME.path().resolve("keys-before"));
        factory = RunningFactory.in(HOME.path());

        var again =
                factory.awaitEnd(factory.post("/releases/busybox/" + build.serial() + "/resign", "", BuildView.class)
                        .id());

        assertThat(again.state()).as(again.reason()).isEqualTo("SUCCEEDED");
        assertThat(again.parameters().kind()).isEqualTo("resign");
        assertThat(again.release().id()).isEqualTo(build.release().id());
        assertThat(again.release().keyFingerprint())
                .isNotEqualTo(build.release().keyFingerprint());
        assertThat(again.release().publication()).isEqualTo("PUBLISHED");
        assertThat(RegionFolder.of(HOME.path(), "region-a").names()).isEqualTo(published);
        assertThat(Path.of(build.release().folder(), "earlier-seals")).isNotEmptyDirectory();
        var checks = factory.post("/releases/busybox/" + build.serial() + "/verify", "", CheckView[].class);
        assertThat(checks)
                .isNotEmpty()
                .allSatisfy(
                        check -> assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
    }

    private static void assertTested(BuildView tested) {
        assertThat(tested.state()).as(tested.reason()).isEqualTo("SUCCEEDED");
        assertThat(tested.parameters().kind()).isEqualTo("test");
        assertThat(tested.release()).isNull();
        assertThat(tested.tests().passed()).isPositive();
        assertThat(Path.of(tested.tests().results()))
                .isDirectoryContaining("glob:**/results.xml")
                .isDirectoryContaining("glob:**/console.log");
        assertThat(Path.of(tested.tests().results()).resolve("../../image.qcow2"))
                .doesNotExist();
        assertThat(RunningFactory.stage(tested, "spawn-build-host").message()).isEqualTo("not part of a test");
        assertThat(RunningFactory.stage(tested, "request-publication").state()).isEqualTo("SKIPPED");
    }

    @Test
    @Order(6)
    void aNewReleaseTurnsTheOldIntoPrev1WithItsIdUnchangedAndAKeptHostIsShown() throws Exception {
        var before = RegionFolder.of(HOME.path(), "region-a").idOf("Tiny_Busybox_amd64_bios_latest");
        var second = factory.awaitEnd(factory.build("{\"image\":\"busybox\",\"force\":true,\"keepHost\":\"PT1H\"}")
                .id());
        assertThat(second.state()).as(second.reason()).isEqualTo("SUCCEEDED");
        factory.post("/requests/" + second.id() + "/approve", "", RequestView.class);
        var region = RegionFolder.of(HOME.path(), "region-a");
        assertThat(region.idOf("Tiny_Busybox_amd64_bios_prev1")).isEqualTo(before);
        assertThat(region.isHidden("Tiny_Busybox_amd64_bios_prev1")).isTrue();

        var hosts = factory.get("/hosts", HostView[].class);
        assertThat(hosts).hasSize(1);
        assertThat(hosts[0].keptUntil()).isNotNull();
        var ssh = new ProcessBuilder(hosts[0].ssh().replace("'", "").split(" "));
        ssh.command().addAll(List.of("-o", "BatchMode=yes", "true"));
        var connected = ssh.redirectErrorStream(true).start();
        var said = new String(connected.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(connected.waitFor()).as(hosts[0].ssh() + ": " + said).isZero();
        factory.send("DELETE", "/hosts/" + hosts[0].name(), "");
        assertThat(factory.get("/hosts", HostView[].class)).isEmpty();
    }

    @Test
    @Order(7)
    void ofAPublicReleaseARetryMakesNothingAnewButTheCopyThatARegionHasLost() throws Exception {
        var sealed = Files.readString(Path.of(build.release().folder(), "SHA256SUMS"));
        var refused = factory.exchange("POST", "/builds/" + build.id() + "/retry", "{\"from\":\"test-image\"}");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("its release was made public", "ifaas resign busybox/" + build.serial());

        var kept = build.release().images().getFirst().replace("region-a/", "");
        var lost = build.release().images().getLast().replace("region-b/", "");
        RegionFolder.lose(HOME.path(), "region-b", lost);
        factory.post("/builds/" + build.id() + "/retry", "{}", BuildView.class);
        var again = factory.awaitEnd(build.id());
        assertThat(again.state()).as(again.reason()).isEqualTo("SUCCEEDED");
        assertThat(again.stages().stream()
                        .filter(stage -> stage.state().equals("DONE"))
                        .map(stage -> stage.name()))
                .containsExactly("copy-to-regions", "request-publication", "clean-up", "destroy-build-host");
        assertThat(Path.of(build.release().folder(), "SHA256SUMS")).hasContent(sealed);

        var approved = factory.post("/requests/" + build.id() + "/approve", "", RequestView.class);
        assertThat(approved.state()).isEqualTo("PUBLISHED");
        var name = "Tiny_Busybox_amd64_bios_latest";
        assertThat(RegionFolder.of(HOME.path(), "region-a").idOf(name)).isEqualTo(kept);
        assertThat(RegionFolder.of(HOME.path(), "region-b").idOf(name)).isNotEqualTo(lost);
        assertThat(again.release().images())
                .contains("region-b/" + RegionFolder.of(HOME.path(), "region-b").idOf(name));
    }

    @Test
    @Order(8)
    void releasesWithoutTestsAreNotPublished() throws Exception {
        untested = factory.awaitEnd(
                factory.build("{\"image\":\"busybox\",\"force\":true,\"runTests\":false,\"keepHost\":\"PT1M\"}")
                        .id());
        assertThat(untested.state()).as(untested.reason()).isEqualTo("SUCCEEDED");
        assertThat(factory.exchange("POST", "/requests/" + untested.id() + "/approve", "")
                        .statusCode())
                .isEqualTo(409);
        var newest = Arrays.stream(factory.get("/releases?image=busybox", ReleaseView[].class))
                .findFirst()
                .orElseThrow();
        assertThat(newest.tests()).isEqualTo("not run");
        assertThat(newest.publication()).isEqualTo("NONE");
    }

    @Test
    @Order(10)
    void aKeptHostIsDestroyedWhenItsTimeIsOver() throws Exception {
        assertThat(factory.log(untested.id(), "destroy-build-host")).contains("kept until");
        RunningFactory.await("its minute is over", () -> said().contains("-" + untested.id() + "-h1 removed"));
        assertThat(factory.get("/hosts", HostView[].class)).isEmpty();
    }

    private static String said() {
        try {
            return Files.readString(HOME.path().resolve("server.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
