package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.BuildHosts;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.Listening;
import org.ifaas.factory.host.NoHosts;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.suite.IperfServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestroyBuildHostTest {
    private static final Names NAMES = new Names("abc123");
    private static final String HOST = NAMES.buildHost(Tiny.build());
    private static final SshKey KEY = new SshKey(Path.of("user"), "ssh-ed25519 AAAA");

    @TempDir
    Path parent;

    private final OneHost host = new OneHost();

    @Test
    void noServerOfTheBuildIsLeftWhenItsFolderGoes() throws Exception {
        var folder = Files.createDirectory(parent.resolve("build"));
        var server = new IperfServer("iperf3", folder);
        server.start(Listening.LOOPBACK);
        var process = ProcessHandle.of(Long.parseLong(Files.readString(folder.resolve("iperf3.pid"))))
                .orElseThrow();
        try {
            var made = new DestroyBuildHost(new BuildHosts(List.of()), new Way(true), NAMES)
                    .run(new Standing(Tiny.build(), new Facts(List.of()), folder));
            assertThat(made).isEqualTo(new HostDestroyed(null));
            assertThat(process.isAlive()).isFalse();
            assertThat(folder).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aHostThatItsRequesterKeepsStaysAndItsCommandsEnd() throws Exception {
        var folder = Files.createDirectory(parent.resolve("build"));
        var way = new Way(true);
        assertThat(new DestroyBuildHost(new BuildHosts(List.of(host)), way, NAMES).run(keeping(folder)))
                .isEqualTo(new HostDestroyed(Standing.NOW.plus(Duration.ofHours(4))));
        assertThat(host.there).isTrue();
        assertThat(way.ended).isTrue();
        assertThat(folder).exists();
    }

    @Test
    void aHostThatDoesNotAnswerIsNotKeptAndTheBuildDoesNotFailOverIt() throws Exception {
        var folder = Files.createDirectory(parent.resolve("build"));
        assertThat(new DestroyBuildHost(new BuildHosts(List.of(host)), new Way(false), NAMES).run(keeping(folder)))
                .isEqualTo(new HostDestroyed(null));
        assertThat(host.there).isFalse();
        assertThat(folder).doesNotExist();
    }

    private static Standing keeping(Path folder) {
        var build = Tiny.build(Parameters.of("tiny").withKeptHost(Duration.ofHours(4)));
        var machine = new BuildHost(HostKind.QEMU, HOST, "127.0.0.1", 22, "root", "", "QEMU", Standing.NOW);
        return new Standing(build, new Facts(List.of(new HostSpawned(machine, KEY))), folder);
    }

    /** Has one host until that is destroyed. */
    private static final class OneHost implements NoHosts {
        private boolean there = true;

        @Override
        public HostKind kind() {
            return HostKind.QEMU;
        }

        @Override
        public Availability availability() {
            return new Availability(true, "", "");
        }

        @Override
        public List<String> list() {
            return there ? List.of(HOST) : List.of();
        }

        @Override
        public void destroy(String name) {
            assertThat(name).isEqualTo(HOST);
            there = false;
        }
    }

    private static final class Way extends FollowedHost {
        private final boolean open;
        private boolean ended;

        Way(boolean open) {
            super(KEY);
            this.open = open;
        }

        @Override
        public Connection connect(BuildHost host, SshKey userKey, Duration patience) throws StageFailure {
            if (!open) {
                throw new StageFailure(Blame.HOST, "host " + host.name() + " can't be reached", "");
            }
            return this;
        }

        @Override
        public int follow(String id, Command command, StageLog log, Duration limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void endAll() {
            ended = true;
        }
    }
}
