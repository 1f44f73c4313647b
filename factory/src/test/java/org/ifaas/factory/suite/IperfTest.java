package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Listening;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IperfTest {
    @TempDir
    Path folder;

    private final List<String> lines = new ArrayList<>();
    private final Iperf iperf = new Iperf("iperf3", 1, InstantSource.system());
    private IperfServer server;

    @BeforeEach
    void makeServer() {
        server = new IperfServer("iperf3", folder);
    }

    @AfterEach
    void stopServer() throws Exception {
        server.stop();
    }

    private long pid() throws Exception {
        return Long.parseLong(Files.readString(folder.resolve("iperf3.pid")));
    }

    @Test
    void bothDirectionsAreMeasured() throws Exception {
        var result = iperf.measure(
                new LocalConnection(),
                Iperf.Far.FACTORY,
                "127.0.0.1",
                server.start(Listening.LOOPBACK),
                "amd64",
                lines::add);
        assertThat(result.figures()).containsOnlyKeys("iperf3_to_factory_mbit_per_s", "iperf3_from_factory_mbit_per_s");
        assertThat(result.figures().values()).allMatch(rate -> rate > 0);
        assertThat(result.passed()).isEqualTo(2);
        var tap = result.scripts().getFirst().tap();
        assertThat(Tap.parse(tap, 0, List.of()).figures()).isEqualTo(result.figures());
    }

    @Test
    void anInstanceWithoutIperfIsLentTheFactorysAndNothingIsLeft() throws Exception {
        var without = new LocalConnection() {
            @Override
            public int run(Command command, StageLog log, Duration limit) throws StageFailure, InterruptedException {
                return command.argv().contains("-c") ? 1 : super.run(command, log, limit);
            }
        };
        var architecture = System.getProperty("os.arch");
        var result = iperf.measure(
                without, Iperf.Far.FACTORY, "127.0.0.1", server.start(Listening.LOOPBACK), architecture, lines::add);
        assertThat(result.passed()).as(String.join("\n", lines)).isEqualTo(2);
        var lent = without.commands.stream()
                .flatMap(command -> command.argv().stream())
                .filter(word -> word.matches("/tmp/ifaas-iperf\\.[A-Za-z0-9]{10}"))
                .findFirst()
                .orElseThrow();
        assertThat(Path.of(lent)).doesNotExist();
    }

    @Test
    void anotherArchitectureIsSkippedWithItsReason() throws Exception {
        var without = new LocalConnection() {
            @Override
            public int run(Command command, StageLog log, Duration limit) {
                return 1;
            }
        };
        var result = iperf.measure(without, Iperf.Far.FACTORY, "127.0.0.1", 1, "s390x", lines::add);
        assertThat(result.skipped()).isEqualTo(2);
        assertThat(result.failed()).isZero();
        assertThat(lines).anyMatch(line -> line.contains("the factory's is not for s390x"));
    }

    @Test
    void aServerThatDoesNotAnswerIsNoFailure() throws Exception {
        int port = server.start(Listening.LOOPBACK);
        server.stop();
        var result = iperf.measure(new LocalConnection(), Iperf.Far.FACTORY, "127.0.0.1", port, "amd64", lines::add);
        assertThat(result.skipped()).isEqualTo(2);
        assertThat(result.figures()).isEmpty();
    }

    @Test
    void aServerIsReachedAtTheAddressThatIsConfiguredAndTakesAPortOfItsRange() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.5"))) {
            int first = taken.getLocalPort();
            int port = server.start(new Listening("127.0.0.5", first, Math.min(first + 20, 65535)));
            assertThat(port).isGreaterThan(first);
            assertThat(iperf.measure(new LocalConnection(), Iperf.Far.FACTORY, "127.0.0.5", port, "amd64", lines::add)
                            .passed())
                    .isEqualTo(2);
        }
        server.stop();
        assertThatThrownBy(() -> server.start(new Listening("192.0.2.7", 5201, 5299)))
                .isInstanceOfSatisfying(StageFailure.class, failure -> {
                    assertThat(failure).hasMessageContaining("192.0.2.7: no port from 5201 to 5299 can be had");
                    assertThat(failure.mend()).contains("iperf3_address");
                });
    }

    @Test
    void anotherInstanceServesAsWell() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        iperf.serve(new LocalConnection(), port, "amd64", lines::add);
        var pid = Path.of("/tmp/ifaas-iperf3-" + port + ".pid");
        try {
            var result =
                    iperf.measure(new LocalConnection(), Iperf.Far.INSTANCE, "127.0.0.1", port, "amd64", lines::add);
            assertThat(result.figures())
                    .containsOnlyKeys("iperf3_to_instance_mbit_per_s", "iperf3_from_instance_mbit_per_s");
        } finally {
            var process = ProcessHandle.of(Long.parseLong(
                            Files.readString(pid).replace("\0", "").strip()))
                    .orElseThrow();
            process.destroy();
            process.onExit().join();
        }
        assertThat(pid).doesNotExist();
    }

    @Test
    void aSecondStartFindsTheServerThatRuns() throws Exception {
        int port = server.start(Listening.LOOPBACK);
        long pid = pid();
        assertThat(new IperfServer("iperf3", folder).start(Listening.LOOPBACK)).isEqualTo(port);
        assertThat(pid()).isEqualTo(pid);
    }

    @Test
    void aStoppedServerLeavesNoProcessAndNoPid() throws Exception {
        server.start(Listening.LOOPBACK);
        var process = ProcessHandle.of(pid()).orElseThrow();
        new IperfServer("iperf3", folder).stop();
        assertThat(process.isAlive()).isFalse();
        assertThat(folder.resolve("iperf3.pid")).doesNotExist();
        assertThat(server.port()).isEmpty();
        server.stop();
    }

    @Test
    void aProcessThatGotThePidSinceIsLeftAlone() throws Exception {
        var other = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(folder.resolve("iperf3.pid"), Long.toString(other.pid()));
            Files.writeString(folder.resolve("iperf3.port"), "5201");
            assertThat(server.port()).isEmpty();
            server.stop();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void aFactoryWithoutIperfIsTheFactorysFault() {
        var none = new IperfServer("/no/such/iperf3", folder);
        assertThatThrownBy(() -> none.start(Listening.LOOPBACK)).isInstanceOfSatisfying(StageFailure.class, failure -> {
            assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
            assertThat(failure.mend()).contains("Install iperf3");
        });
    }

    @Test
    void theRateIsTakenFromWhatWasReceived() {
        var json = """
                {"end": {"streams": [{"receiver": {"bits_per_second": 1.0}}],
                 "sum_sent": {"bits_per_second": 2e9, "sender": true},
                 "sum_received": {"start": 0, "bits_per_second": 9.4123456e+08, "sender": true}}}
                """;
        assertThat(Iperf.megabits(json)).hasValue(941.2);
        assertThat(Iperf.megabits("{\"error\": \"unable to connect\"}")).isEmpty();
    }
}
