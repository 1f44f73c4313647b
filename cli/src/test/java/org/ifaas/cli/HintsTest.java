package org.ifaas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HintsTest {
    @TempDir
    Path home;

    FakeFactory factory;

    @BeforeEach
    void factoryRuns() throws IOException {
        factory = new FakeFactory(home);
    }

    @AfterEach
    void factoryStops() {
        factory.close();
    }

    /** In an environment that names another home. */
    private Shell shell() {
        return new Shell(home.resolve("another"));
    }

    @Test
    void a_command_line_has_the_options_by_which_the_factory_was_found() {
        var hints = new Hints("./ifaas").after("build", "x", "--home=/a b", "--force", "--config", "it's.yaml");

        assertThat(hints.of("show -f aaaaaaaa"))
                .isEqualTo("./ifaas show -f aaaaaaaa --home '/a b' --config 'it'\\''s.yaml'");
        assertThat(hints.of("help build")).isEqualTo("./ifaas help build");
        assertThat(hints.in("'ifaas builds' lists them; `ifaas help` too. ifaas.yaml is another thing."))
                .isEqualTo("'./ifaas builds --home '/a b' --config 'it'\\''s.yaml'' lists them; `./ifaas help` too."
                        + " ifaas.yaml is another thing.");
    }

    @Test
    void a_password_is_not_repeated_and_what_is_no_option_is_none() {
        assertThat(new Hints("ifaas")
                        .after("images", "--database", "jdbc:postgresql://db/ifaas?password=secret", "--home", "h")
                        .of("serve"))
                .isEqualTo("ifaas serve --home h");
        assertThat(new Hints("ifaas")
                        .after("images", "--database", "jdbc:postgresql://db/ifaas?ssl=true&user=a")
                        .of("serve"))
                .isEqualTo("ifaas serve --database 'jdbc:postgresql://db/ifaas?ssl=true&user=a'");
        assertThat(new Hints("ifaas").after("show", "--", "--home", "x").of("serve"))
                .isEqualTo("ifaas serve");
        assertThat(new Hints("ifaas").after("publisher", "--config", "p.yaml").of("serve"))
                .isEqualTo("ifaas serve");
    }

    @Test
    void every_command_that_is_said_leads_to_the_same_factory() throws IOException {
        factory.script(Fixtures.succeeded("aaaaaaaa", "debian-12"));
        factory.script(Fixtures.failed("bbbbbbbb", "debian-12", 7, "IMAGE", "no", "Look: 'ifaas doctor'."));
        factory.answer("POST /api/v1/builds/cccccccc/cancel", Fixtures.running("cccccccc", "debian-12", 3, null));
        factory.refuse("GET /api/v1/hosts", 404, "there is none", "host", "x", "'ifaas hosts' lists them.");
        var there = " --home " + home;

        var shell = shell();
        assertThat(shell.run("show", "aaaaaaaa", "--home", home.toString())).isZero();
        assertThat(shell.out())
                .contains("  Verify    ifaas verify debian-12/20261122.1" + there + "\n")
                .contains("ifaas approve aaaaaaaa" + there + "    (or: ifaas reject aaaaaaaa --reason TEXT" + there
                        + ")");

        shell = shell();
        assertThat(shell.run("show", "bbbbbbbb", "--home", home.toString())).isZero();
        assertThat(shell.out())
                .contains("ifaas logs bbbbbbbb build-image" + there, "ifaas retry bbbbbbbb" + there)
                .contains("Look: 'ifaas doctor" + there + "'.");

        shell = shell();
        assertThat(shell.run("cancel", "cccccccc", "--home", home.toString())).isZero();
        assertThat(shell.out()).endsWith("ifaas show -f cccccccc" + there + "\n");

        shell = shell();
        assertThat(shell.run("hosts", "--home", home.toString())).isEqualTo(2);
        assertThat(shell.err()).contains("'ifaas hosts" + there + "' lists them.");

        var backup = Files.writeString(home.resolve("backup"), "");
        shell = shell();
        assertThat(shell.run("restore", backup.toString(), "--home", home.toString()))
                .isEqualTo(2);
        assertThat(shell.err()).endsWith("Stop it first: ifaas serve --stop" + there + "\n");

        shell = shell();
        assertThat(shell.run("serve", "--home", home.toString())).isEqualTo(2);
        assertThat(shell.err()).endsWith("ifaas serve --stop" + there + "\n");
    }

    @Test
    void a_connection_that_breaks_names_the_log_of_that_home() {
        factory.answer("GET /api/v1/images", "<html>");
        factory.close();
        var shell = shell();
        assertThat(shell.run("status", "--home", home.toString())).isEqualTo(3);
        assertThat(shell.err()).contains("ifaas serve --home " + home);
    }
}
