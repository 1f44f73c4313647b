package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.Remote;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.junit.jupiter.api.Test;

class RebootTest {
    private static final BuildHost MACHINE =
            new BuildHost(HostKind.QEMU, "test", "127.0.0.1", 22, "debian", null, "QEMU", Instant.EPOCH);
    private static final SshKey KEY = new SshKey(Path.of("key"), "ssh-ed25519 AAAA x");
    private static final Identity BEFORE = new Identity("m", "boot-1", List.of());

    private final Deque<String> boots = new ArrayDeque<>();
    private final List<LocalConnection> connections = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    /** A machine whose connections tell one boot id after the other; an empty one is a link that is cut. */
    private final Remote remote = new Remote() {
        @Override
        public String commandLine(BuildHost host, SshKey userKey) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SshKey key(Path folder, String name, String comment) {
            return KEY;
        }

        @Override
        public Connection connect(BuildHost host, SshKey userKey, Duration patience) throws StageFailure {
            now = now.plusSeconds(10);
            if (boots.isEmpty()) {
                throw new StageFailure(Blame.HOST, "no answer", "Retry.");
            }
            var connection = machine(boots.removeFirst());
            connections.add(connection);
            return connection;
        }
    };

    private static LocalConnection machine(String boot) {
        return new LocalConnection() {
            @Override
            public String read(Command command, Duration limit) throws StageFailure {
                if (boot.isEmpty()) {
                    throw new StageFailure(Blame.HOST, "cut", "Retry.");
                }
                return boot + "\n";
            }

            @Override
            public int run(Command command, StageLog log, Duration limit) throws StageFailure {
                commands.add(command);
                throw new StageFailure(Blame.HOST, "cut", "Retry.");
            }
        };
    }

    private Connection reboot(LocalConnection connection) throws Exception {
        var clock = (InstantSource) () -> now;
        return new Reboot(remote, Duration.ZERO, clock)
                .reboot(MACHINE, KEY, BEFORE, connection, Duration.ofSeconds(60), line -> {});
    }

    @Test
    void theNextBootIsWaitedForWhileTheOldOneGoesDown() throws Exception {
        boots.addAll(List.of("boot-1", "", "boot-2"));
        var old = machine("boot-1");
        var next = reboot(old);
        assertThat(next).isSameAs(connections.getLast());
        assertThat(old.commands.getFirst().argv()).containsExactly("sudo", "-n", "systemctl", "--no-block", "reboot");
        assertThat(old.closed).isTrue();
        assertThat(connections).extracting(connection -> connection.closed).containsExactly(true, true, false);
    }

    @Test
    void anInstanceThatNeverGoesDownIsTheImagesFault() {
        for (int i = 0; i < 20; i++) {
            boots.add("boot-1");
        }
        assertThatThrownBy(() -> reboot(machine("boot-1"))).isInstanceOfSatisfying(StageFailure.class, failure -> {
            assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
            assertThat(failure).hasMessageContaining("did not come back within 60 s");
        });
        assertThat(connections).isNotEmpty().allMatch(connection -> connection.closed);
    }

    @Test
    void anInstanceThatDoesNotComeBackIsTheImagesFault() {
        assertThatThrownBy(() -> reboot(machine("boot-1")))
                .isInstanceOfSatisfying(
                        StageFailure.class,
                        failure -> assertThat(failure.blame()).isEqualTo(Blame.IMAGE))
                .hasMessageContaining("no answer");
    }
}
