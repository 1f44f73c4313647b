package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.host.Command;
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
        var result = iperf.measure(new LocalConnection(), "127.0.0.1", server.start(), "amd64", lines::add);
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
        var result = iperf.measure(without, "127.0.0.1", server.start(), architecture, lines::add);
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
        var result = iperf.measure(without, "127.0.0.1", 1, "s390x", lines::add);
        assertThat(result.skipped()).isEqualTo(2);
        assertThat(result.failed()).isZero();
        assertThat(lines).anyMatch(line -> line.contains("the factory's is not for s390x"));
    }

    @Test
    void aServerThatDoesNotAnswerIsNoFailure() throws Exception {
        int port = server.start();
        server.stop();
        var result = iperf.measure(new LocalConnection(), "127.0.0.1", port, "amd64", lines::add);
        assertThat(result.skipped()).isEqualTo(2);
        assertThat(result.figures()).isEmpty();
    }

    @Test
    void aSecondStartFindsTheServerThatRuns() throws Exception {
        int port = server.start();
        long pid = pid();
        assertThat(new IperfServer("iperf3", folder).start()).isEqualTo(port);
        assertThat(pid()).isEqualTo(pid);
    }

    @Test
    void aStoppedServerLeavesNoProcessAndNoPid() throws Exception {
        server.start();
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
        assertThatThrownBy(none::start).isInstanceOfSatisfying(StageFailure.class, failure -> {
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
