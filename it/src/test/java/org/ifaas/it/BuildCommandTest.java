package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.json.JsonMapper;

/** What a user types, from the command to its exit code, with the factory that it starts for itself. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(5)
class BuildCommandTest {
    private static final TestHome HOME = TestHome.make("build-command");
    private static Installation installation;
    private static ProcessHandle first;

    @BeforeAll
    static void defineImages() throws Exception {
        var definitions = Definitions.in(HOME.path().resolve("definitions"))
                .shipped("busybox")
                .script("broken", 8, "#!/bin/sh\necho 'no such recipe'\nexit 3\n")
                .script("random", 8, """
                        #!/bin/sh
                        set -eu
                        head -c 65536 /dev/urandom >"$IFAAS_WORK/raw"
                        qemu-img convert -f raw -O qcow2 "$IFAAS_WORK/raw" "$IFAAS_IMAGE"
                        : >"$IFAAS_PACKAGES"
                        """)
                .script("waiting", 8, "#!/bin/sh\nset -eu\n" + Definitions.AWAIT_LET_GO + """
                        echo begun
                        while [ ! -e "$let_go" ]; do sleep 0.2; done
                        qemu-img create -q -f qcow2 "$IFAAS_IMAGE" 8M
                        : >"$IFAAS_PACKAGES"
                        """);
        definitions.commit();
        Files.copy(
                definitions.configuration("idle_exit_after: 2s\nreaper: {every: 1s}\n"),
                HOME.path().resolve("ifaas.yaml"));
        installation = Installation.in(HOME.path().resolve("installation"));
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        if (Files.exists(announcement())) {
            ifaas("serve", "--stop");
        }
        HOME.assertNothingIsLeftAndRemove();
    }

    private static Installation.Ended ifaas(String... words) throws IOException, InterruptedException {
        return installation.ifaas(inHome(words));
    }

    private static String[] inHome(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--home", HOME.path().toString()));
        return all.toArray(String[]::new);
    }

    private static Path announcement() {
        return HOME.path().resolve("run/factory.json");
    }

    private static ProcessHandle factory() throws IOException {
        var announced = JsonMapper.shared().readTree(Files.readString(announcement()));
        return ProcessHandle.of(announced.get("pid").asLong()).orElseThrow();
    }

    private static String log() throws IOException {
        return Files.readString(HOME.path().resolve("log/server.log"));
    }

    @Test
    @Order(1)
    void oneCommandInAFreshHomeShowsAllStagesAndEndsWithARelease() throws Exception {
        var built = ifaas("build", "busybox", "--keep-host", "1m").well();
        first = factory();

        assertThat(built.printed()).startsWith("Starting the factory").contains("(build ", "is done after");
        assertThat(IntStream.rangeClosed(1, 15))
                .allSatisfy(stage -> assertThat(built.printed()).containsPattern(" %d/15 .* done".formatted(stage)));
        var release = built.printed()
                .lines()
                .filter(line -> line.startsWith("  Release "))
                .map(line -> Path.of(line.replace("  Release ", "").strip()))
                .findFirst()
                .orElseThrow();
        assertThat(release).isDirectoryContaining("glob:**/SHA256SUMS.asc").isDirectoryContaining("glob:**/files");
        ifaas("verify", "busybox/latest").well();
    }

    @Test
    @Order(2)
    void theSameAgainIsNothingToDo() throws Exception {
        assertThat(ifaas("build", "busybox").well().printed())
                .contains("nothing to do")
                .doesNotContain("2/15 Spawn build host: running");
    }

    @Test
    @Order(3)
    void whatFailsAndWhatIsRefusedSayWhyAndHaveExitCodesOfTheirOwn() throws Exception {
        var broken = ifaas("build", "broken");
        assertThat(broken.code()).as(broken.printed()).isOne();
        assertThat(broken.printed())
                .contains("Stage     7, Build image; to blame: the image definition", "exit code 3", "  Mend ");

        for (var words : List.of(
                List.of("build", "no-such-image"),
                List.of("build", "busybox", "--region", "no-such-region"),
                List.of("build", "busybox", "--serial-suffix", "$(id)"),
                List.of("build", "busybox", "--no-such-option"))) {
            var refused = ifaas(words.toArray(String[]::new));
            assertThat(refused.code()).as(refused.printed()).isEqualTo(2);
            assertThat(refused.printed()).contains(words.getLast()).doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    @Order(4)
    void aFactoryWithoutWorkGoesByItselfOnceItKeepsNoHost() throws Exception {
        RunningFactory.await("it has gone", () -> !first.isAlive());
        assertThat(announcement()).doesNotExist();
        assertThat(log().replaceAll("(?s)the factory goes.*", "")).containsPattern("-h1 removed");
    }

    @Test
    @Order(5)
    void theNextCommandAfterAKillSaysWhatItFoundAndTheBuildGoesOn() throws Exception {
        var id = ifaas("build", "waiting", "--no-tests", "--detach")
                .well()
                .printed()
                .lines()
                .toList()
                .getLast();
        Definitions.awaitWaiting(id);
        kill(factory());

        assertThat(ifaas("builds").well().printed())
                .contains("Found: build " + id + " of waiting was interrupted and goes on where it stopped");
        Definitions.letGo(id);
        assertThat(ifaas("show", "-f", id).well().printed()).contains("(build " + id + ") is done");
        assertThat(ifaas("logs", id, "build-image").well().printed()).containsOnlyOnce("begun");
    }

    @Test
    @Order(6)
    void twoBuildsGiveTheSameBytesAndAKillInBetweenIsTakenInStride() throws Exception {
        var building = installation.start(inHome("build", "busybox", "--twice"));
        var printed = new StringBuilder();
        try (var lines = building.inputReader(StandardCharsets.UTF_8)) {
            boolean killed = false;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                printed.append(line).append('\n');
                if (!killed && line.contains("7/15 Build image: running")) {
                    kill(factory());
                    killed = true;
                }
            }
        }

        assertThat(building.waitFor()).as(printed.toString()).isZero();
        assertThat(printed)
                .contains("The factory is gone; starting it again", "of busybox was interrupted and goes on")
                .contains("Both builds made the same image, byte for byte: SHA-256 ");
    }

    @Test
    @Order(7)
    void twoBuildsOfDifferentBytesAreToldWithAnExitCodeOfItsOwn() throws Exception {
        var differing = ifaas("build", "random", "--twice", "--no-tests");
        assertThat(differing.code()).as(differing.printed()).isEqualTo(5);
        assertThat(differing.printed()).contains("The two images differ: SHA-256 ");
    }

    @Test
    @Order(8)
    void nothingRunsAfterTheLastCommand() throws Exception {
        HOME.awaitNothingRuns();
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }
}
