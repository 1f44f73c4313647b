package org.ifaas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A factory on another machine, asked with a token. */
class ElsewhereTest {
    @TempDir
    Path home;

    @TempDir
    Path elsewhere;

    FakeFactory factory;

    @BeforeEach
    void factoryRuns() throws IOException {
        factory = new FakeFactory(elsewhere);
    }

    @AfterEach
    void factoryStops() {
        factory.close();
    }

    private Shell shell(String url) {
        return new Shell(home).with("IFAAS_URL", url).with("IFAAS_TOKEN", FakeFactory.TOKEN);
    }

    @Test
    void it_is_asked_and_none_is_started_here() {
        factory.answer("GET /api/v1/hosts", "[]");
        for (var url : new String[] {factory.url(), factory.url() + "/"}) {
            var shell = shell(url);
            assertThat(shell.run("hosts")).isZero();
            assertThat(shell.run("status")).isZero();
        }
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void a_build_there_is_followed_though_the_connection_breaks() {
        factory.script(Fixtures.queued("aaaaaaaa", "debian-12"))
                .then(Fixtures.running("aaaaaaaa", "debian-12", 3, null))
                .then(Fixtures.succeeded("aaaaaaaa", "debian-12"))
                .breakAfter(1);
        assertThat(shell(factory.url()).run("build", "debian-12")).isZero();
    }

    @Test
    void a_home_that_is_named_wins() {
        var shell = shell(factory.url());
        assertThat(shell.run("status", "--home", home.toString())).isEqualTo(3);
        assertThat(shell.err()).contains("no factory runs for " + home);
    }

    @Test
    void a_token_that_is_refused_is_said() {
        var shell = shell(factory.url()).with("IFAAS_TOKEN", "another");
        assertThat(shell.run("images")).isEqualTo(2);
        assertThat(shell.err()).contains("the token is wrong");
    }

    @Test
    void one_that_is_not_there_is_named() {
        var url = factory.url();
        factory.close();
        var shell = shell(url);
        assertThat(shell.run("images")).isEqualTo(3);
        assertThat(shell.err()).contains("see that " + url + " can be reached from here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://images.example.org",
                "https://images.example.org/factory",
                "images.example.org",
                "https://a@b",
                "ftp://images.example.org",
                "https:// x"
            })
    void no_token_is_sent_in_the_clear_or_to_what_is_no_address(String url) {
        var shell = shell(url);
        assertThat(shell.run("images")).isEqualTo(2);
        assertThat(shell.err()).contains("IFAAS_URL", url, "https");
    }

    @Test
    void the_one_without_the_other_is_told() {
        var noUrl = new Shell(home).with("IFAAS_TOKEN", "x");
        assertThat(noUrl.run("images")).isEqualTo(2);
        assertThat(noUrl.err()).contains("IFAAS_TOKEN is set and IFAAS_URL is not");
        var noToken = new Shell(home).with("IFAAS_URL", factory.url());
        assertThat(noToken.run("images")).isEqualTo(2);
        assertThat(noToken.err()).contains("IFAAS_URL is set and IFAAS_TOKEN is not");
    }
}
