package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.Listening;
import org.ifaas.factory.host.TestInstance;
import org.ifaas.factory.host.TestInstances;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.suite.Iperf;
import org.ifaas.factory.suite.IperfServer;
import org.ifaas.factory.suite.LocalConnection;
import org.ifaas.factory.suite.SuiteResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom an instance measures the network to. The instances are this machine. */
class NetworkFiguresTest {
    @TempDir
    Path folder;

    @Test
    void whereInstancesReachTheFactoryItsServerListensThereAndNoSecondInstanceIsNeeded() throws Exception {
        var there = new Listening("127.0.0.5", 5201, 65535);
        var figures = figures(there, null, true);
        try {
            assertThat(figures.areBetweenInstances()).isFalse();
            assertThat(figures.ports()).hasSize(1);
            assertThat(figures.toFactory(instance("one", there.address()), new LocalConnection())
                            .figures())
                    .containsOnlyKeys("iperf3_to_factory_mbit_per_s", "iperf3_from_factory_mbit_per_s");
        } finally {
            new IperfServer("iperf3", folder).stop();
        }
    }

    @Test
    void elsewhereTheSecondInstanceIsAtTheOtherEnd() throws Exception {
        var figures = figures(null, "127.0.0.1", true);
        assertThat(figures.ports()).isEmpty();
        assertThat(figures.areBetweenInstances()).isTrue();
        var pid = Path.of("/tmp/ifaas-iperf3-" + figures.peerPort() + ".pid");
        try {
            assertThat(between(figures).figures())
                    .containsOnlyKeys("iperf3_to_instance_mbit_per_s", "iperf3_from_instance_mbit_per_s");
        } finally {
            var server = ProcessHandle.of(Long.parseLong(
                            Files.readString(pid).replace("\0", "").strip()))
                    .orElseThrow();
            server.destroy();
            server.onExit().join();
        }
    }

    @Test
    void whereNobodyIsReachedThereAreNoFiguresAndNoFailure() throws Exception {
        var figures = figures(null, null, true);
        assertThat(between(figures)).isEqualTo(SuiteResult.NONE);
        assertThat(figures.toFactory(instance("one", ""), new LocalConnection()))
                .isEqualTo(SuiteResult.NONE);
        assertThat(figures(new Listening("192.0.2.7", 5201, 5202), null, false).ports())
                .isEmpty();
    }

    private static SuiteResult between(NetworkFigures figures) throws InterruptedException {
        return figures.between(instance("one", ""), new LocalConnection(), instance("two", ""), new LocalConnection());
    }

    private static TestInstance instance(String name, String factory) {
        var machine = new BuildHost(HostKind.NOVA, name, "here", 22, "root", null, name, Standing.NOW);
        return new TestInstance(machine, "TCG", factory);
    }

    private NetworkFigures figures(@Nullable Listening reach, @Nullable String peer, boolean two) throws Exception {
        var inputs = Tiny.inputs(new OneImage("tiny").baseline(two), Tiny.RELEASE, "west");
        var build = new Standing(Tiny.build(), new Facts(List.of(inputs)), folder);
        var clock = InstantSource.system();
        var figures = NetworkFigures.of(new Elsewhere(reach, peer), build, clock);
        return new NetworkFigures(
                figures.instances(), build, new Iperf("iperf3", 1, clock), figures.ports(), freePort());
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** @param peer where one is reached by another */
    private record Elsewhere(
            @Nullable Listening reach, @Nullable String peer) implements TestInstances {
        @Override
        public @Nullable String join(String from, String to, int port) {
            assertThat(List.of(from, to)).containsExactly("one", "two");
            return peer;
        }

        @Override
        public Availability availability() {
            return new Availability(true, "in name only", "");
        }

        @Override
        public int patience() {
            return 1;
        }

        @Override
        public HostSize flavor(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TestInstance boot(InstanceRequest request, StageLog log) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String console(String name) {
            return "";
        }

        @Override
        public void destroy(String name) {}

        @Override
        public List<String> list() {
            return List.of();
        }
    }
}
