package org.ifaas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTest {
    @TempDir
    Path folder;

    FakeInstallation installation;

    @BeforeEach
    void nothingRuns() throws IOException {
        installation = new FakeInstallation(folder);
    }

    @AfterEach
    void nothingStays() throws IOException {
        installation.close();
    }

    @Test
    void a_command_starts_the_factory_in_a_session_of_its_own_and_the_next_one_uses_it() throws IOException {
        var shell = shell();

        assertThat(shell.run("build", "debian-12", "--detach", "--database", "jdbc:postgresql://db/ifaas"))
                .isZero();

        assertThat(shell.out()).isEqualTo("aaaaaaaa\n");
        assertThat(shell.err()).isEqualTo("Starting the factory ...\n");
        assertThat(installation.home.resolve("log/server.log"))
                .hasContent("fake factory with serve --home " + installation.home
                        + " --database jdbc:postgresql://db/ifaas --idle-exit");
        var stat = Files.readString(Path.of("/proc", String.valueOf(installation.pid()), "stat"));
        assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3])
                .as("session")
                .isEqualTo(String.valueOf(installation.pid()));
        assertThat(Files.getPosixFilePermissions(installation.home)).hasSize(3);

        assertThat(shell().run("status")).isZero();
        assertThat(installation.starts()).isEqualTo(1);
    }

    @Test
    void commands_that_come_at_once_start_one_factory() throws Exception {
        var running = new ArrayList<Future<Integer>>();
        try (var threads = Executors.newCachedThreadPool()) {
            for (int i = 0; i < 4; i++) {
                running.add(threads.submit((Callable<Integer>) () -> {
                    // A process each, as the lock is one of processes.
                    var java =
                            Path.of(System.getProperty("java.home"), "bin/java").toString();
                    var process = new ProcessBuilder(
                                    java,
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "-Difaas.root=" + installation.root,
                                    "org.ifaas.cli.Main",
                                    "show",
                                    "aaaaaaaa",
                                    "--home",
                                    installation.home.toString())
                            .redirectErrorStream(true)
                            .start();
                    process.getInputStream().readAllBytes();
                    return process.waitFor();
                }));
            }
            for (var each : running) {
                assertThat(each.get()).isZero();
            }
        }
        assertThat(installation.starts()).isEqualTo(1);
    }

    @Test
    void one_that_cannot_start_shows_the_tail_of_this_start_only() throws IOException {
        Files.createDirectories(installation.home.resolve("log"));
        Files.writeString(installation.home.resolve("log/server.log"), "an old story\n");
        installation.script(
                "for i in $(seq 30); do echo line $i; done; echo 'database: version 14 is too old' >&2; exit 2\n");
        var shell = shell();

        assertThat(shell.run("images")).isEqualTo(3);
        assertThat(shell.err())
                .contains(
                        "the factory could not start (exit code 2)",
                        "  line 30\n  database: version 14 is too old",
                        "All of it: " + installation.home)
                .doesNotContain("old story", "line 1\n");
    }

    @Test
    void after_a_crash_the_next_command_says_what_was_found() throws IOException {
        shell().run("build", "debian-12", "--detach");
        installation.kill();
        Files.createFile(installation.home.resolve("crashed"));
        var status = shell();
        assertThat(status.run("status")).isEqualTo(3);
        assertThat(status.err())
                .contains("the last one ended without stopping", "says which builds it found and resumes");
        var shell = shell();

        assertThat(shell.run("show", "aaaaaaaa")).isZero();
        assertThat(shell.err()).contains("Found: build aaaaaaaa of debian-12 is resumed at stage 7");
        assertThat(installation.starts()).isEqualTo(2);
    }

    @Test
    void after_a_crash_that_left_no_build_it_is_said_too_and_only_once() throws IOException {
        shell().run("builds");
        installation.kill();
        var shell = shell();
        shell.run("builds");
        assertThat(shell.err()).contains("Found: the last factory ended without stopping, and left no build undone");
        var next = shell();
        next.run("builds");
        assertThat(next.err()).doesNotContain("Found");
    }

    @Test
    void a_build_that_is_shown_outlives_the_crash_of_its_factory() throws Exception {
        var shell = shell();
        try (var threads = Executors.newSingleThreadExecutor()) {
            var build = threads.submit(() -> shell.run("build", "debian-12"));
            FakeInstallation.until("stage 7 runs", () -> shell.out().contains("7/15 Build image: running"));
            Files.createFile(installation.home.resolve("crashed"));
            installation.kill();
            FakeInstallation.until("the factory runs again", () -> shell.err().contains("Found: "));
            Files.createFile(installation.home.resolve("go"));

            assertThat(build.get()).isZero();
        }
        assertThat(shell.err()).contains("The factory is gone; starting it again");
        assertThat(shell.out()).contains("(build aaaaaaaa) is done").containsOnlyOnce("7/15 Build image: running");
    }

    @Test
    void serve_runs_in_the_background_until_it_is_stopped() throws IOException {
        var shell = shell();
        assertThat(shell.run("serve", "--detach")).isZero();
        assertThat(shell.out()).startsWith("The factory runs as process ");
        assertThat(Files.readString(installation.home.resolve("log/server.log")))
                .doesNotContain("--idle-exit");

        var second = shell();
        assertThat(second.run("serve")).isEqualTo(2);
        assertThat(second.err()).contains("a factory runs for " + installation.home, "serve --stop");

        assertThat(shell().run("serve", "--stop")).isZero();
        assertThat(shell().run("status")).isEqualTo(3);
    }

    @Test
    void publisher_hands_its_arguments_to_the_launcher_and_wants_a_configuration() throws IOException {
        var config =
                Files.writeString(Files.createDirectories(installation.home).resolve("publisher.yaml"), "");
        var shell = shell();
        assertThat(shell.run("publisher", "--config", config.toString(), "--once", "--print-arguments"))
                .isZero();
        assertThat(shell.out().lines()).containsExactly("publisher", "--config", config.toString(), "--once");
        assertThat(shell().run("publisher", "--config", "/nowhere")).isEqualTo(2);
        assertThat(shell().run("publisher")).isEqualTo(2);
    }

    @Test
    void serve_hands_its_arguments_to_the_launcher() {
        var shell = shell();

        assertThat(shell.run("serve", "--port=8080", "--config", "/etc/ifaas.yaml", "--print-arguments"))
                .isZero();
        assertThat(shell.out().lines())
                .containsExactly(
                        "serve",
                        "--home",
                        installation.home.toString(),
                        "--config",
                        "/etc/ifaas.yaml",
                        "--port",
                        "8080");
    }

    @Test
    void restore_is_refused_while_a_factory_runs() throws IOException {
        var file = Files.writeString(folder.resolve("backup"), "x");
        shell().run("serve", "--detach");
        var shell = shell();

        assertThat(shell.run("restore", file.toString())).isEqualTo(2);
        assertThat(shell.err()).contains("a factory runs");
    }

    @Test
    void a_home_that_cannot_be_written_is_said_with_its_name() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        var shell = new Shell(folder.resolve("file/home"), installation.root);

        assertThat(shell.run("images")).isEqualTo(3);
        assertThat(shell.err()).contains(folder.resolve("file/home").toString());
    }

    private Shell shell() {
        return new Shell(installation.home, installation.root);
    }
}
