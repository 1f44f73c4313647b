package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.ifaas.api.BuildView;
import org.ifaas.api.CheckView;
import org.ifaas.api.ReleaseView;
import org.ifaas.api.TokenView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The disk of the home is full, and with it those of the database, the hosts, the roots and the store: whoever asks is told, nothing
 * is lost, and with space again all goes on.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FullHomeTest {
    private static final TestHome HOME = TestHome.make("full-home");
    private static final Path SMALL = HOME.path().resolve("small");
    private static final Path FILLER = SMALL.resolve("filler");
    private static RunningFactory factory;
    private static BuildView good;
    private static BuildView cut;

    @BeforeAll
    static void makeOneRelease() throws Exception {
        Files.createDirectory(SMALL);
        run("mount", "-t", "tmpfs", "-o", "mode=700,size=768m", "small", SMALL.toString());
        for (var shared : List.of("roots", "cache", "postgresql", "kvm", "mirrors")) {
            Files.createSymbolicLink(
                    SMALL.resolve(shared), HOME.path().resolve(shared).toRealPath());
        }
        var definitions = Definitions.in(HOME.path().resolve("definitions"))
                .script("quick", 300, "#!/bin/sh\nset -eu\n" + MAKE)
                .script("slow", 300, "#!/bin/sh\nset -eu\n" + Definitions.AWAIT_LET_GO + """
                        until [ -e "$let_go" ]; do sleep 0.1; done
                        """ + MAKE);
        definitions.commit();
        factory = RunningFactory.in(
                SMALL,
                "--config",
                definitions.configuration("reaper: {every: 1s}\n").toString());
        good = factory.awaitEnd(build("quick").id());
        assertThat(good.state()).as(good.reason()).isEqualTo("SUCCEEDED");
    }

    private static final String MAKE = """
            head -c 8388608 /dev/urandom >"$IFAAS_WORK/raw"
            qemu-img convert -f raw -O qcow2 "$IFAAS_WORK/raw" "$IFAAS_IMAGE"
            : >"$IFAAS_PACKAGES"
            """;

    private static BuildView build(String image) throws IOException, InterruptedException {
        return factory.build("{\"image\":\"" + image + "\",\"host\":\"container\",\"runTests\":false,\"force\":true}");
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        factory.close();
        for (var folder : List.of("hosts/container", "builds")) {
            try (var left = Files.list(SMALL.resolve(folder))) {
                assertThat(left.filter(path -> !path.getFileName().toString().startsWith(".")))
                        .as(folder)
                        .isEmpty();
            }
        }
        run("umount", SMALL.toString());
        HOME.assertNothingIsLeftAndRemove();
    }

    private static void run(String... argv) throws IOException, InterruptedException {
        var program = new ProcessBuilder(argv).redirectErrorStream(true).start();
        var said = new String(program.getInputStream().readAllBytes());
        assertThat(program.waitFor()).as(said).isZero();
    }

    private static void fill() throws IOException {
        var zeros = new byte[4096];
        try (OutputStream out = Files.newOutputStream(FILLER, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left on device");
        }
    }

    /** Until one is refused; whatever room others make meanwhile is filled. */
    private static HttpResponse<String> askForTokens() throws IOException, InterruptedException {
        while (true) {
            var answer = factory.exchange("POST", "/tokens", "{\"name\":\"t" + tokens + "\",\"roles\":[\"viewer\"]}");
            if (answer.statusCode() != 201) {
                return answer;
            }
            tokens++;
            fill();
        }
    }

    private static int tokens;

    @Test
    @Order(1)
    void whoeverAsksForWhatHasToBeWrittenDownIsToldThatTheDiskIsFull() throws Exception {
        cut = build("slow");
        Definitions.awaitWaiting(cut.id());
        fill();
        Definitions.letGo(cut.id());
        var refused = askForTokens();
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        // Its server may have stopped over it, too.
        assertThat(refused.body()).containsPattern("the disk of the database is full|the space on its disk");
        assertThat(factory.get("/doctor", CheckView[].class))
                .filteredOn(check -> check.name().equals("space of the home"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.result()).isEqualTo("failed");
                    assertThat(check.mend()).contains("Make space");
                });
    }

    @Test
    @Order(2)
    void withSpaceAgainTheBuildGoesOnUnlessItHasFailedAndToldTheDisk() throws Exception {
        Files.delete(FILLER);
        cut = factory.awaitBuild(cut.id(), build -> {
            Definitions.letGoIfWaiting(build.id());
            return build.ended() != null;
        });
        if (cut.state().equals("FAILED")) {
            var stage = RunningFactory.stage(cut, "build-image");
            assertThat(stage.blame()).as(stage.message()).isEqualTo("FACTORY");
            assertThat(stage.message()).contains("free on the factory's disk");
            assertThat(stage.mend()).contains("Make space", "ifaas retry");
            factory.post("/builds/" + cut.id() + "/retry", "{}", BuildView.class);
            Definitions.letGo(cut.id());
            cut = factory.awaitEnd(cut.id());
        }
        assertThat(cut.state()).as(cut.reason()).isEqualTo("SUCCEEDED");
    }

    @Test
    @Order(3)
    void nothingIsLost() throws Exception {
        assertThat(factory.get("/tokens", TokenView[].class)).hasSize(tokens);
        assertThat(factory.get("/builds", BuildView[].class)).hasSize(2);
        assertThat(factory.get("/releases", ReleaseView[].class))
                .extracting(ReleaseView::build)
                .containsExactlyInAnyOrder(good.id(), cut.id());
        assertThat(factory.post("/releases/quick/latest/verify", "", CheckView[].class))
                .isNotEmpty()
                .allSatisfy(
                        check -> assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
    }

    @Test
    @Order(4)
    void theNextOneWorks() throws Exception {
        var next = factory.awaitEnd(build("quick").id());
        assertThat(next.state()).as(next.reason()).isEqualTo("SUCCEEDED");
    }
}
