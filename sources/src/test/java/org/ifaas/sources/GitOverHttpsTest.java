package org.ifaas.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions behind https, with a certificate of the operator's own and a token. */
class GitOverHttpsTest {
    @TempDir
    static Path keys;

    @TempDir
    Path temporary;

    private String commit;
    private GitOverHttps server;

    @BeforeAll
    static void makeKeys() throws Exception {
        GitOverHttps.keys(keys);
    }

    @BeforeEach
    void start() throws Exception {
        commit = Checkout.in(temporary.resolve("projects/checkout"))
                .image("tiny")
                .commit("One image");
        server = new GitOverHttps(temporary.resolve("projects"), keys);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private GitRepositories repositories(@Nullable Path token, @Nullable Path authorities) {
        var defaults = GitPolicy.defaults();
        var policy = new GitPolicy(
                defaults.fetchLimit(),
                defaults.commandLimit(),
                defaults.fresh(),
                defaults.mostFileBytes(),
                defaults.mostBundleBytes(),
                new GitServers(Set.of("LOCALHOST"), Set.of("https"), null, authorities));
        var ours = new GitRepository(
                "ours", server.url("checkout"), "images", null, true, new GitAccess(null, token, "bot"));
        return new GitRepositories(List.of(ours), temporary.resolve("mirrors"), policy, InstantSource.system());
    }

    private static StageFailure failure(GitRepositories repositories) {
        var failure = catchThrowableOfType(StageFailure.class, () -> repositories.resolve("tiny", null));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        return failure;
    }

    private Path token(String text) throws Exception {
        return GitOverHttps.token(temporary.resolve("token"), text);
    }

    private static Path authorities() {
        return keys.resolve("ca.pem");
    }

    @Test
    void with_its_token_and_the_servers_certificate_a_repository_is_read() throws Exception {
        server.login = "bot:s3cret";
        assertThat(repositories(token("s3cret\nmore\n"), authorities())
                        .resolve("tiny", null)
                        .commit())
                .isEqualTo(commit);
    }

    @Test
    void a_token_that_was_replaced_is_used_the_next_time() throws Exception {
        server.login = "bot:new";
        var repositories = repositories(token("old"), authorities());
        var failure = failure(repositories);
        assertThat(failure).hasMessageContaining("token_file " + temporary.resolve("token"));
        assertThat(failure.getMessage() + failure.mend()).doesNotContain("old");
        token("new\n");
        assertThat(repositories.resolve("tiny", null).commit()).isEqualTo(commit);
    }

    @Test
    void what_is_not_for_everybody_wants_a_token() {
        server.login = "bot:s3cret";
        var failure = failure(repositories(null, authorities()));
        assertThat(failure).hasMessageContaining("is not for everybody");
        assertThat(failure.mend()).contains("token_file");
    }

    @Test
    void a_server_whose_certificate_nobody_knows_gets_no_token() throws Exception {
        var failure = failure(repositories(token("s3cret"), null));
        assertThat(failure).hasMessageContaining("certificate is not known");
        assertThat(failure.mend()).contains("git.ca_file");
        assertThat(server.asked).isEmpty();
    }

    @Test
    void a_server_that_leads_elsewhere_is_not_followed() throws Exception {
        try (var other = new GitOverHttps(temporary.resolve("projects"), keys)) {
            server.leadsTo = other.url("");
            var failure = failure(repositories(token("s3cret"), authorities()));
            assertThat(failure).hasMessageContaining("leads elsewhere");
            assertThat(failure.mend()).contains("url");
            assertThat(other.asked).isEmpty();
        }
    }

    @Test
    void a_token_that_others_can_read_or_that_is_none_is_not_sent() throws Exception {
        var token = token("s3cret");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(failure(repositories(token, authorities())))
                .hasMessageContaining("token_file " + token + " is open to others");
        token("two words\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        assertThat(failure(repositories(token, authorities()))).hasMessageContaining("is no token");
        assertThat(server.asked).isEmpty();
    }

    @Test
    void a_token_is_for_https_alone() {
        var access = new GitAccess(null, Path.of("/token"), "git");
        for (var url : List.of("/srv/git/x", "https://me:secret@host.example/x")) {
            assertThatThrownBy(() -> new GitRepository("ours", url, "", null, true, access))
                    .hasMessageContaining("token_file")
                    .hasMessageNotContaining("secret");
        }
        assertThatThrownBy(() -> new GitRepository("ours", "http://host.example/x", "", null, false, access))
                .hasMessageContaining("token_file");
    }

    @Test
    void a_server_that_is_not_on_the_list_and_a_protocol_that_is_not_are_refused() {
        var servers = new GitServers(Set.of("git.example.org"), Set.of("https"), null, null);
        servers.admit(of("https://git.example.org/x"));
        servers.admit(of("https://Git.Example.org:8443/x"));
        servers.admit(of("/srv/git/x"));
        for (var url : List.of(
                "https://git.example.org.evil.example/x",
                "https://evil.example/git.example.org",
                "https://git.example.org@evil.example/x")) {
            assertThatThrownBy(() -> servers.admit(of(url)))
                    .hasMessageContaining("git.hosts")
                    .hasMessageContaining("url");
        }
        assertThatThrownBy(() -> servers.admit(of("http://git.example.org/x"))).hasMessageContaining("git.protocols");
    }

    private static GitRepository of(String url) {
        return new GitRepository("ours", url, "", null, false, GitAccess.OPEN);
    }
}
