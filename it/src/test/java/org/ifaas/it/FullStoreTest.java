package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ifaas.api.BuildView;
import org.ifaas.api.CheckView;
import org.ifaas.api.ReleaseView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The artifact store is full: builds fail and say so, nothing is lost, and with space again they go on. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FullStoreTest {
    private static final TestHome HOME = TestHome.make("full-store");
    private static final Path STORE = HOME.path().resolve("small");
    private static final String RELEASE = "/releases/large/latest/verify";
    private static RunningFactory factory;
    private static BuildView good;
    private static BuildView failed;

    @BeforeAll
    static void makeOneRelease() throws Exception {
        var definitions = Definitions.in(HOME.path().resolve("definitions")).script("large", 8, """
                #!/bin/sh
                set -eu
                head -c 8388608 /dev/urandom >"$IFAAS_WORK/raw"
                qemu-img convert -f raw -O qcow2 "$IFAAS_WORK/raw" "$IFAAS_IMAGE"
                : >"$IFAAS_PACKAGES"
                """);
        definitions.commit();
        var configuration = definitions.configuration("""
                store: {directory: '%s'}
                reaper: {every: 1s}
                """.formatted(STORE));
        factory = RunningFactory.withSmallDisk(STORE, 128, HOME.path(), "--config", configuration.toString());
        good = factory.awaitEnd(build().id());
        assertThat(good.state()).as(good.reason()).isEqualTo("SUCCEEDED");
    }

    private static BuildView build() throws IOException, InterruptedException {
        return factory.build("{\"image\":\"large\",\"host\":\"container\",\"runTests\":false,\"force\":true}");
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        factory.close();
        assertThat(STORE).isEmptyDirectory();
        HOME.assertNothingIsLeftAndRemove();
    }

    private static Path filler() {
        return factory.seen(STORE).resolve("filler");
    }

    private static void fill() throws IOException {
        var zeros = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left on device");
        }
    }

    private static void makeSpace() throws IOException {
        Files.delete(filler());
    }

    private static void assertReleaseVerifies() throws IOException, InterruptedException {
        assertThat(factory.post(RELEASE, "", CheckView[].class))
                .isNotEmpty()
                .allSatisfy(
                        check -> assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
    }

    @Test
    @Order(1)
    void anImageThatDoesNotFitFailsItsBuildAndNamesTheStoreAndTheSpace() throws Exception {
        var id = build().id();
        factory.awaitBuild(
                id, build -> RunningFactory.stage(build, "initialize").state().equals("DONE"));
        fill();
        failed = factory.awaitEnd(id);
        assertThat(failed.state()).isEqualTo("FAILED");
        var stage = RunningFactory.stage(failed, "build-image");
        assertThat(stage.blame()).as(stage.message()).isEqualTo("FACTORY");
        assertThat(stage.message()).contains("artifact store is full", STORE.toString());
        assertThat(stage.mend()).contains("Make space", "ifaas retry");
        assertThat(failed.attempt()).isOne();
    }

    @Test
    @Order(2)
    void nothingIsLost() throws Exception {
        assertReleaseVerifies();
        assertThat(factory.get("/builds", BuildView[].class)).hasSize(2);
        assertThat(factory.get("/releases", ReleaseView[].class))
                .singleElement()
                .satisfies(release -> assertThat(release.build()).isEqualTo(good.id()));
        assertThat(factory.log(failed.id(), "build-image")).contains("artifact store is full");
        assertThat(factory.log(good.id(), "build-image")).contains("sha256");
        try (var unfinished = Files.list(factory.seen(STORE).resolve(".unfinished"))) {
            assertThat(unfinished).isEmpty();
        }
    }

    @Test
    @Order(3)
    void aBuildThatCannotFitIsRefusedInStage1AndTheDoctorSaysWhy() throws Exception {
        var refused = factory.awaitEnd(build().id());
        var stage = RunningFactory.stage(refused, "initialize");
        assertThat(stage.blame()).as(stage.message()).isEqualTo("FACTORY");
        assertThat(stage.message()).isEqualTo("artifact store: " + STORE + " is full");
        assertThat(stage.mend()).contains("Make space");
        assertThat(factory.get("/doctor", CheckView[].class))
                .filteredOn(check -> !check.result().equals("ok"))
                .anySatisfy(check -> {
                    assertThat(check.detail()).contains(STORE.toString());
                    assertThat(check.mend()).isNotBlank();
                });
    }

    @Test
    @Order(4)
    void withSpaceAgainARetrySucceedsAndTheLogsMoveToTheStore() throws Exception {
        makeSpace();
        var again = retry("{}");
        assertThat(again.state()).as(again.reason()).isEqualTo("SUCCEEDED");
        assertReleaseVerifies();
        var log = factory.seen(STORE).resolve("builds/" + failed.id() + "/logs/1/07-build-image.log");
        RunningFactory.await("the log of the failed attempt is in the store", () -> Files.exists(log));
        assertThat(factory.log(failed.id(), "build-image")).isNotBlank();
    }

    private static BuildView retry(String body) throws IOException, InterruptedException {
        factory.post("/builds/" + failed.id() + "/retry", body, BuildView.class);
        return factory.awaitEnd(failed.id());
    }

    @Test
    @Order(5)
    void aSealThatDoesNotFitFailsAndIsMadeFromTheKeptImageLater() throws Exception {
        for (var seal : List.of("SHA256SUMS", "SHA256SUMS.asc")) {
            Files.delete(
                    factory.seen(Path.of(factory.show(failed.id()).release().folder(), seal)));
        }
        fill();
        var full = retry("{\"from\":\"sign-image\"}");
        assertThat(full.state()).isEqualTo("FAILED");
        var stage = RunningFactory.stage(full, "sign-image");
        assertThat(stage.blame()).as(full.reason()).isEqualTo("FACTORY");
        assertThat(stage.message())
                .contains("artifact store", STORE.toString())
                .containsPattern("No space left|is full");
        assertThat(stage.mend()).contains("Make space", "ifaas retry");

        makeSpace();
        var again = retry("{}");
        assertThat(again.state()).as(again.reason()).isEqualTo("SUCCEEDED");
        assertThat(RunningFactory.stage(again, "build-image").state()).isEqualTo("SKIPPED");
        assertThat(RunningFactory.stage(again, "sign-image").state()).isEqualTo("DONE");
        assertReleaseVerifies();
        assertThat(again.release().sha256())
                .isEqualTo(factory.show(failed.id()).release().sha256());
    }
}
