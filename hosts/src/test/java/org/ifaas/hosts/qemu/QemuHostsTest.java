package org.ifaas.hosts.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.hosts.local.Program;
import org.ifaas.hosts.qemu.Accelerators.Verdict;
import org.ifaas.hosts.ssh.SshRemote;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boots once: under TCG that is a minute or more. */
@Tag("slow")
class QemuHostsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(8);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Accelerators TCG = () -> new Verdict(Accelerator.TCG, "as the test wants it", "");
    private static final StageLog LOG = System.out::println;

    @TempDir
    Path scratch;

    @Test
    void aHostIsReachedWithThePinnedKeyHasWhatWasAskedForAndLeavesNothing() throws Exception {
        var roots = new BootRoots(Path.of("target/boot-roots"), QemuPolicy.defaults(), InstantSource.system());
        var hosts = new QemuHosts(scratch.resolve("hosts"), roots, TCG, QemuPolicy.defaults(), InstantSource.system());
        assertThat(hosts.availability().available())
                .as(hosts.availability().detail())
                .isTrue();
        try (var remote = new SshRemote();
                var loopback = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var userKey = remote.key(scratch, "user", "user");
            var request = new HostRequest(
                    "test-build-1",
                    "debian-12",
                    new HostSize(2, 1536, 12),
                    List.of("hashdeep"),
                    sources(),
                    userKey,
                    remote.key(scratch, "host", "host"));

            var host = hosts.spawn(request, LOG);
            try {
                assertThat(hosts.spawn(request, LOG)).isEqualTo(host);
                assertThat(hosts.find("test-build-1")).contains(host);
                assertThat(hosts.list()).containsExactly("test-build-1");
                try (var connection = remote.connect(host, userKey, PATIENCE)) {
                    assertThat(connection.read(Command.of("id", "-un"), LIMIT)).isEqualTo("root\n");
                    assertThat(connection.read(Command.of("hostname"), LIMIT)).isEqualTo("test-build-1\n");
                    assertThat(connection.read(Command.of("hashdeep", "-V"), LIMIT))
                            .isNotBlank();
                    var blocks = connection
                            .read(Command.of("stat", "-f", "-c", "%b", "/"), LIMIT)
                            .strip();
                    assertThat(Long.parseLong(blocks) * 4096).isGreaterThan(11L << 30);
                    assertThat(connection.run(Command.of("apt-get", "-q", "update"), LOG, LIMIT))
                            .isZero();
                    for (var factory : List.of("10.0.2.2", "10.0.3.2")) {
                        var knock = "exec 3<>/dev/tcp/" + factory + "/" + loopback.getLocalPort();
                        assertThat(connection.run(Command.of("timeout", "5", "bash", "-c", knock), LOG, LIMIT))
                                .isNotZero();
                    }
                }
            } finally {
                hosts.destroy("test-build-1");
            }

            assertThat(hosts.list()).isEmpty();
            assertThat(hosts.find("test-build-1")).isEmpty();
            assertThat(MachineProcesses.of(scratch.resolve("hosts/test-build-1")))
                    .isEmpty();
            assertThat(hosts.spawn(request, LOG).port()).as("a fresh one").isPositive();
            hosts.destroy("test-build-1");
        }
    }

    /** The mirrors of this machine's own apt configuration. */
    private static List<String> sources() throws Exception {
        var lines = new ArrayList<String>();
        var format = "$(SITE) $(RELEASE) $(COMPONENT)";
        for (var line : Program.of("apt-get", "indextargets", "--format", format, "Created-By: Packages")
                .read(64 * 1024)
                .lines()
                .filter(line -> line.contains(" bookworm"))
                .distinct()
                .toList()) {
            lines.add("deb " + line);
        }
        return lines.stream().sorted().toList();
    }
}
