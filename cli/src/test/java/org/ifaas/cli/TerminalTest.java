package org.ifaas.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TerminalTest {
    @TempDir
    Path folder;

    FakeInstallation installation;
    Tmux tmux;

    @BeforeEach
    void a_build_is_shown() throws IOException, InterruptedException {
        assumeTrue(Tmux.installed(), "tmux is not installed");
        installation = new FakeInstallation(folder);
        tmux = new Tmux(
                folder,
                80,
                40,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Difaas.root=" + installation.root,
                        "-Difaas.terminal=012",
                        "org.ifaas.cli.Main",
                        "build",
                        "debian-12",
                        "--home",
                        installation.home.toString()));
        tmux.until("stage 7 runs", line -> line.contains("▶  7 Build image"));
    }

    @AfterEach
    void nothing_stays() throws IOException {
        if (installation != null) {
            tmux.close();
            installation.close();
        }
    }

    @Test
    void the_fifteen_stages_are_there_once_and_still_after_the_window_became_narrower_and_wider() throws Exception {
        assertThat(stages(tmux.screen())).hasSize(15);

        tmux.resize(50, 40);
        tmux.until("it is drawn for 50 columns", line -> line.contains("7 Build image") && line.endsWith("..."));
        assertThat(stages(tmux.screen())).hasSize(15);
        tmux.resize(100, 40);
        tmux.until(
                "it is drawn for 100 columns",
                line -> line.contains("7 Build image") && line.endsWith("unpacking libc6"));
        assertThat(stages(tmux.screen())).hasSize(15);

        Files.createFile(installation.home.resolve("go"));
        var screen = tmux.until("it has ended", line -> line.startsWith("exit="));
        assertThat(screen)
                .contains("exit=0")
                .anyMatch(line -> line.startsWith("✔ debian-12 20261122.1 (build aaaaaaaa) is done"));
        assertThat(stages(screen)).hasSize(15);
    }

    @Test
    void ctrl_c_asks_and_yes_cancels() throws Exception {
        tmux.type("C-c");
        tmux.until("it asks", line -> line.contains("Cancel this build? [y/N]"));
        tmux.type("y", "Enter");

        var screen = tmux.until("it has ended", line -> line.startsWith("exit="));
        assertThat(screen).contains("exit=4").anyMatch(line -> line.contains("was cancelled"));
    }

    @Test
    void ctrl_c_twice_leaves_it_running_and_says_how_to_see_it_again() throws Exception {
        tmux.type("C-c");
        tmux.until("it asks", line -> line.contains("Cancel this build? [y/N]"));
        tmux.type("C-c");

        var screen = tmux.until("it has ended", line -> line.startsWith("exit="));
        assertThat(screen).contains("exit=130");
        assertThat(String.join("", screen)).contains("Build aaaaaaaa of debian-12 goes on", "show -f aaaaaaaa");
        assertThat(ProcessHandle.of(installation.pid())).isPresent();
    }

    @Test
    void closing_the_terminal_loses_nothing() throws Exception {
        tmux.close();

        assertThat(ProcessHandle.of(installation.pid())).isPresent();
        Files.createFile(installation.home.resolve("go"));
        assertThat(new Shell(installation.home).run("show", "-f", "aaaaaaaa")).isZero();
    }

    private static List<String> stages(List<String> screen) {
        return screen.stream()
                .filter(line -> line.matches("  [✔▶·] [ 1]\\d .*"))
                .toList();
    }
}
