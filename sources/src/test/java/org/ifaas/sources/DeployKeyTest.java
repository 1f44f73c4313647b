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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions on an ssh server that lets in one deploy key; ssh itself is the machine's own. */
class DeployKeyTest {
    @TempDir
    Path temporary;

    private Checkout checkout;
    private String commit;
    private Path key;
    private Path knownHosts;
    private GitOverSsh server;

    @BeforeEach
    void start() throws Exception {
        checkout = Checkout.in(temporary.resolve("checkout")).image("tiny");
        commit = checkout.commit("One image");
        key = GitOverSsh.newKey(temporary.resolve("key"));
        server = new GitOverSsh(key);
        knownHosts = Files.writeString(temporary.resolve("known_hosts"), server.knownHostsLine());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private GitRepositories repositories(String url, Path with, @Nullable Path known) {
        var defaults = GitPolicy.defaults();
        var policy = new GitPolicy(
                defaults.fetchLimit(),
                defaults.commandLimit(),
                defaults.fresh(),
                defaults.mostFileBytes(),
                defaults.mostBundleBytes(),
                new GitServers(Set.of("127.0.0.1"), Set.of("ssh"), known, null));
        var ours = new GitRepository("ours", url, "images", null, true, new GitAccess(with, null, "git"));
        return new GitRepositories(List.of(ours), temporary.resolve("mirrors"), policy, InstantSource.system());
    }

    private GitRepositories repositories() {
        return repositories(server.url(checkout.folder()), key, knownHosts);
    }

    private StageFailure failure(GitRepositories repositories) {
        var failure = catchThrowableOfType(StageFailure.class, () -> repositories.resolve("tiny", null));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessageStartingWith("the repository ours at ssh://");
        return failure;
    }

    @Test
    void with_its_deploy_key_a_repository_is_read() throws Exception {
        var resolved = repositories().resolve("tiny", null);
        assertThat(resolved.commit()).isEqualTo(commit);
        assertThat(repositories().definition(resolved).name()).isEqualTo("tiny");
        assertThat(server.commands).containsOnly("git-upload-pack '" + checkout.folder() + "'");
        assertThat(repositories().availability())
                .hasEntrySatisfying(
                        "ours", found -> assertThat(found.available()).isTrue());
    }

    @Test
    void a_key_that_the_server_does_not_know_is_named_with_how_to_make_it_known() throws Exception {
        var other = GitOverSsh.newKey(temporary.resolve("other"));
        var failure = failure(repositories(server.url(checkout.folder()), other, knownHosts));
        assertThat(failure).hasMessageContaining("does not take key_file " + other);
        assertThat(failure.mend()).contains("ssh-keygen -y -f " + other, "deploy key");
        assertThat(server.commands).isEmpty();
    }

    @Test
    void a_server_with_another_key_than_the_one_that_was_said_is_told_nothing() throws Exception {
        try (var impostor = new GitOverSsh(key)) {
            var line = impostor.knownHostsLine()
                    .replaceFirst(
                            "]:[0-9]+",
                            server.knownHostsLine().replaceFirst(" .*\n", "").substring(10));
            Files.writeString(knownHosts, line);
        }
        var failure = failure(repositories());
        assertThat(failure).hasMessageContaining("git.known_hosts_file " + knownHosts);
        assertThat(failure.mend()).contains("ssh-keyscan");
        assertThat(server.commands).isEmpty();
    }

    @Test
    void a_server_that_nobody_has_named_is_told_nothing() throws Exception {
        Files.writeString(knownHosts, server.knownHostsLine().replace("127.0.0.1", "127.0.0.2"));
        assertThat(failure(repositories())).hasMessageContaining("git.known_hosts_file " + knownHosts);
        assertThat(server.commands).isEmpty();
    }

    @Test
    void a_key_that_others_can_read_is_not_used() throws Exception {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        var failure = failure(repositories());
        assertThat(failure).hasMessageContaining("key_file " + key + " is open to others (rw-r-----)");
        assertThat(failure.mend()).isEqualTo("chmod 600 " + key);
        assertThat(repositories().definitions())
                .singleElement()
                .satisfies(listed -> assertThat(listed.error()).contains("is open to others", "chmod 600"));
        assertThat(server.commands).isEmpty();
    }

    @Test
    void files_that_are_not_there_are_named() throws Exception {
        Files.delete(knownHosts);
        assertThat(failure(repositories()))
                .hasMessageContaining("git.known_hosts_file: there is no file " + knownHosts);
        Files.writeString(knownHosts, "");
        assertThat(failure(repositories())).hasMessageContaining("git.known_hosts_file " + knownHosts + " is empty");
        Files.delete(key);
        assertThat(failure(repositories())).hasMessageContaining("key_file: there is no file " + key);
    }

    @Test
    void what_a_shell_would_run_in_an_address_stays_an_address() {
        var failure = failure(repositories(
                server.url(temporary) + "/$(touch${IFS}HACKED)';touch${IFS}HACKED;'`touch${IFS}HACKED`",
                key,
                knownHosts));
        assertThat(failure).hasMessageContaining("can't be fetched");
        assertThat(server.commands)
                .singleElement()
                .asString()
                .startsWith("git-upload-pack '")
                .contains("$(touch${IFS}HACKED)");
        assertThat(temporary.resolve("mirrors/HACKED")).doesNotExist();
    }

    @Test
    void a_submodule_leads_nowhere() throws Exception {
        checkout.file(
                ".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = ext::sh -c 'touch " + temporary + "/HACKED'\n");
        checkout.git("update-index", "--add", "--cacheinfo", "160000," + commit + ",x");
        checkout.git("add", ".gitmodules");
        checkout.git("commit", "--quiet", "-m", "A submodule");
        assertThat(repositories().resolve("tiny", null).commit()).isNotEqualTo(commit);
        assertThat(server.commands).hasSize(1);
        assertThat(temporary.resolve("HACKED")).doesNotExist();
    }

    @Test
    void a_repository_of_ssh_needs_its_key_and_the_servers() {
        assertThatThrownBy(() -> new GitRepository("ours", "git@host.example:x", "", null, true, GitAccess.OPEN))
                .hasMessageContaining("key_file")
                .hasMessageContaining("deploy key");
        assertThatThrownBy(() -> repositories(server.url(checkout.folder()), key, null))
                .hasMessageContaining("git.known_hosts_file");
        assertThatThrownBy(() -> new GitAccess(Path.of("/a b;c"), null, "git")).hasMessageContaining("key_file");
    }
}
