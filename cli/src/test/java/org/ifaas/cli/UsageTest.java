package org.ifaas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.ifaas.cli.command.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {
    @TempDir
    Path home;

    @Test
    void every_command_says_what_it_does() {
        for (var command :
                Commands.line(new Shell(home).surroundings()).getSubcommands().entrySet()) {
            var shell = new Shell(home);
            assertThat(shell.run(command.getKey(), "--help")).isZero();
            assertThat(shell.out()).startsWith("Usage: ifaas " + command.getKey());
            for (var option : command.getValue().getCommandSpec().options()) {
                assertThat(option.hidden() || option.description().length > 0)
                        .as(command.getKey() + " " + option.longestName())
                        .isTrue();
            }
        }
    }

    @Test
    void help_lists_the_exit_codes() {
        var shell = new Shell(home);

        assertThat(shell.run("help", "exit-codes")).isZero();
        assertThat(shell.out().lines().map(line -> line.substring(0, 3).strip()))
                .containsExactly("0", "1", "2", "3", "4", "5", "130");
    }

    @Test
    void help_of_a_command_below_another() {
        var shell = new Shell(home);

        assertThat(shell.run("help", "hosts", "destroy")).isZero();
        assertThat(shell.out()).startsWith("Usage: ifaas hosts destroy");
    }

    @Test
    void a_home_that_can_not_be_is_refused_at_once() {
        var option = new Shell(home);
        assertThat(option.run("serve", "--home", "")).isEqualTo(2);
        assertThat(option.err())
                .isEqualTo("ifaas: --home '' is empty\n  Name a folder, or leave it out for the usual one.\n");
        var variable = new Shell(home).with("IFAAS_HOME", "/srv/two\nlines");
        assertThat(variable.run("status")).isEqualTo(2);
        assertThat(variable.err())
                .isEqualTo("ifaas: IFAAS_HOME '/srv/two?lines' has a line break or another control character\n"
                        + "  Name a folder without.\n");
        for (var folder : List.of("/srv/a:b", "/srv/\"a\"")) {
            var shell = new Shell(home);
            assertThat(shell.run("build", "debian-12", "--home", folder)).isEqualTo(2);
            assertThat(shell.err())
                    .contains(
                            "--home '" + folder + "' has a double quote or a colon, and apt,",
                            "Name a folder without.");
        }
    }

    @Test
    void a_misspelt_command_gets_the_likely_one() {
        var shell = new Shell(home);

        assertThat(shell.run("bild")).isEqualTo(2);
        assertThat(shell.err()).contains("there is no command 'bild'", "Did you mean: build");
        var options = new Shell(home);
        assertThat(options.run("sho", "x", "--home", "y")).isEqualTo(2);
        assertThat(options.err()).startsWith("ifaas: there is no command 'sho'\n");
    }

    @Test
    void a_wrong_option_is_one_line_and_where_to_read_more() {
        var shell = new Shell(home);

        assertThat(shell.run("build", "debian-12", "--hosst", "qemu")).isEqualTo(2);
        assertThat(shell.err()).contains("--hosst").endsWith("See: ifaas help build\n");
        assertThat(shell.err().lines()).hasSizeLessThan(5);
    }

    @Test
    void no_command_is_wrong_usage() {
        assertThat(new Shell(home).run()).isEqualTo(2);
    }

    @Test
    void the_completion_is_a_script_that_bash_accepts() throws IOException, InterruptedException {
        var shell = new Shell(home);
        assertThat(shell.run("completion")).isZero();

        var bash = new ProcessBuilder(List.of("bash", "-c", "source /dev/stdin && complete -p ifaas"))
                .redirectErrorStream(true)
                .start();
        try (var in = bash.getOutputStream()) {
            in.write(shell.out().getBytes(StandardCharsets.UTF_8));
        }
        var said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        assertThat(said).contains("ifaas");
        assertThat(shell.out()).contains("--serial-suffix");
    }

    @Test
    void where_no_factory_runs_and_none_can_be_started_it_says_how() {
        var shell = new Shell(home);

        assertThat(shell.run("images")).isEqualTo(3);
        assertThat(shell.err()).isEqualTo("ifaas: no factory runs for " + home + "\n  Start one: ifaas serve\n");
        assertThat(new Shell(home).run("status")).isEqualTo(3);
    }
}
