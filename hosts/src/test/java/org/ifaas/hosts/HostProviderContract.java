package org.ifaas.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.hosts.local.Program;
import org.ifaas.hosts.ssh.SshRemote;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every provider of build hosts promises, tried with real hosts. */
public abstract class HostProviderContract {
    protected static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    protected Path scratch;

    protected SshRemote remote;
    protected HostProvider hosts;
    protected final List<String> log = new CopyOnWriteArrayList<>();

    protected abstract HostProvider provider(Path folder);

    /** Fails when anything of that host is left on the machine. */
    protected abstract void assertNothingLeft(String name) throws Exception;

    /** Leaves a host of that name half-made, as a factory that was killed would. */
    protected abstract void leaveHalfMade(HostRequest request) throws Exception;

    @BeforeEach
    void startRemote() {
        remote = new SshRemote();
        hosts = provider(scratch.resolve("hosts"));
    }

    @AfterEach
    void destroyAll() throws Exception {
        remote.close();
        for (var name : hosts.list()) {
            hosts.destroy(name);
        }
    }

    protected HostRequest request(String name) {
        return new HostRequest(
                name,
                "debian-12",
                new HostSize(2, 2048, 10),
                List.of(),
                sources(),
                remote.key(scratch.resolve("keys"), "user", "a build"),
                remote.key(scratch.resolve("keys"), "host-" + name, name));
    }

    protected Connection connect(BuildHost host) throws StageFailure, InterruptedException {
        return remote.connect(host, remote.key(scratch.resolve("keys"), "user", "a build"), LIMIT);
    }

    /** All on one host: those that boot take a minute or more. */
    @Test
    void a_host_lets_in_its_own_build_only_reaches_its_mirrors_outlives_its_factory_and_leaves_nothing()
            throws Exception {
        assertThat(hosts.availability().available())
                .as(hosts.availability().detail())
                .isTrue();
        var request = request("contract-whole");
        var host = hosts.spawn(request, log::add);
        assertThat(host.hostKey()).isNotNull();
        assertThat(request.hostKey().publicKey()).startsWith(host.hostKey());
        assertThat(host.kind()).isEqualTo(hosts.kind());
        assertThat(hosts.find("contract-whole")).contains(host);
        assertThat(hosts.list()).containsExactly("contract-whole");
        try (var connection = connect(host)) {
            assertThat(connection.read(Command.of("id", "-un"), LIMIT)).isEqualTo("root\n");
            assertThat(connection.read(Command.of("hostname"), LIMIT)).isEqualTo("contract-whole\n");
            assertThat(connection.read(Command.of("sudo", "hostname"), LIMIT)).isEqualTo("contract-whole\n");
            assertThat(connection.read(Command.of("getent", "hosts", "contract-whole"), LIMIT))
                    .contains("contract-whole");
            assertThat(connection.run(Command.of("apt-get", "-q", "update"), log::add, LIMIT))
                    .as("%s", log)
                    .isZero();
            assertThat(connection.follow("long", Command.of("sh", "-c", "echo long"), log::add, LIMIT))
                    .isZero();
        }
        SshKey stranger = remote.key(scratch.resolve("keys"), "stranger", "somebody else");
        assertThatThrownBy(() -> remote.connect(host, stranger, Duration.ofMillis(200)))
                .isInstanceOf(StageFailure.class);
        assertThat(hosts.spawn(request, log::add)).as("the same, not another").isEqualTo(host);

        var restarted = provider(scratch.resolve("hosts"));
        assertThat(restarted.find("contract-whole")).contains(host);
        try (var connection = connect(host)) {
            assertThat(connection.read(Command.of("echo", "still here"), LIMIT)).isEqualTo("still here\n");
        }
        restarted.destroy("contract-whole");
        assertThat(hosts.list()).isEmpty();
        assertThat(hosts.find("contract-whole")).isEmpty();
        assertNothingLeft("contract-whole");
        hosts.destroy("contract-whole");
    }

    @Test
    void a_half_made_host_is_listed_not_found_and_made_anew() throws Exception {
        var request = request("contract-half");
        leaveHalfMade(request);
        assertThat(hosts.list()).containsExactly("contract-half");
        assertThat(hosts.find("contract-half")).isEmpty();
        var host = hosts.spawn(request, log::add);
        assertThat(hosts.find("contract-half")).contains(host);
        hosts.destroy("contract-half");
        assertNothingLeft("contract-half");
    }

    /** The mirrors of this machine's own apt configuration. */
    public static List<String> sources() {
        try {
            return Program.of(
                            "apt-get",
                            "indextargets",
                            "--no-release-info",
                            "--format",
                            "deb $(SITE) $(RELEASE) $(COMPONENT)",
                            "Created-By: Packages")
                    .read(1 << 20)
                    .lines()
                    .filter(line -> line.matches("deb \\S+ bookworm(-updates|-security)? main"))
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
