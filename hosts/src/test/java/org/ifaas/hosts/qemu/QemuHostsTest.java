package org.ifaas.hosts.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.hosts.HostProviderContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One of these boots to the end: without KVM that is a minute or more. */
@Tag("slow")
class QemuHostsTest extends HostProviderContract {
    private static final QemuPolicy POLICY = QemuPolicy.defaults();
    private static final BootRoots ROOTS = new BootRoots(Path.of("target/boot-roots"), POLICY, InstantSource.system());
    private static final Accelerators PROBE = new KvmProbe(
            Path.of("target/kvm"), new ProbeKernel(Path.of("target/kernel"), List.of(Path.of("/boot"))), POLICY);

    @Override
    protected HostProvider provider(Path folder) {
        return new QemuHosts(folder, ROOTS, PROBE, POLICY, InstantSource.system());
    }

    @Override
    protected void assertNothingLeft(String name) {
        assertThat(folder(name)).doesNotExist();
        assertThat(MachineProcesses.of(folder(name))).isEmpty();
    }

    @Override
    protected void leaveHalfMade(HostRequest request) throws Exception {
        hosts.spawn(request, log::add);
        Files.delete(folder(request.name()).resolve("host.properties"));
    }

    /** A machine, unlike a container, has a disk of its own size and boots for a while. */
    @Override
    protected Connection connect(BuildHost host) throws StageFailure, InterruptedException {
        var connection =
                remote.connect(host, remote.key(scratch.resolve("keys"), "user", "a build"), Duration.ofMinutes(10));
        assertItsDiskGrew(connection);
        assertTheFactorysLoopbackIsOutOfReach(connection);
        return connection;
    }

    @Test
    void a_host_that_lost_its_network_is_not_found_any_more() throws Exception {
        hosts.spawn(request("no-way-out"), log::add);
        var network = MachineProcesses.of(folder("no-way-out")).stream()
                .filter(process -> name(process).equals("slirp4netns"))
                .toList();

        assertThat(network).hasSize(1).allMatch(ProcessHandle::destroyForcibly);

        Eventually.within(
                Duration.ofSeconds(30),
                () -> "not found",
                () -> hosts.find("no-way-out").isEmpty());
        hosts.destroy("no-way-out");
        assertNothingLeft("no-way-out");
    }

    private Path folder(String name) {
        return scratch.resolve("hosts").resolve(name);
    }

    private static String name(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", "" + process.pid(), "comm"))
                    .strip();
        } catch (IOException gone) {
            return "";
        }
    }

    private void assertItsDiskGrew(Connection connection) throws StageFailure, InterruptedException {
        var blocks = connection
                .read(Command.of("stat", "-f", "-c", "%b", "/"), LIMIT)
                .strip();
        assertThat(Long.parseLong(blocks) * 4096).isGreaterThan(9L << 30);
    }

    private void assertTheFactorysLoopbackIsOutOfReach(Connection connection)
            throws StageFailure, InterruptedException {
        try (var loopback = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (var address : List.of("10.0.2.2", "10.0.3.2")) {
                var knock = "exec 3<>/dev/tcp/" + address + "/" + loopback.getLocalPort();
                assertThat(connection.run(Command.of("timeout", "5", "bash", "-c", knock), log::add, LIMIT))
                        .isNotZero();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
