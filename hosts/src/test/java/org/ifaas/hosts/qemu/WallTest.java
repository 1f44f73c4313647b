package org.ifaas.hosts.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.ifaas.hosts.local.Program;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell in QEMU's place looks at what a guest that broke out of QEMU could reach. */
class WallTest {
    @TempDir
    Path home;

    @BeforeEach
    void scripts() throws IOException {
        for (var script : List.of("machine.sh", "guest.sh", "console.sh")) {
            Resources.copy(script, home.resolve(script));
        }
    }

    @Test
    void ofTheFactoryOnlyTheListedPortsCanBeReached() throws Exception {
        try (var listed = listening("listed");
                var other = listening("other")) {
            var seen = inside(
                    String.valueOf(listed.getLocalPort()), """
                    hear() { { timeout 5 head -n1 <"/dev/tcp/$1/$2" || echo nothing; } 2>/dev/null; }
                    echo "listed: $(hear 10.0.2.2 %1$d)"
                    echo "other: $(hear 10.0.2.2 %2$d)"
                    echo "own loopback: $(hear 127.0.0.1 %1$d)"
                    echo "neighbour: $(hear 10.0.2.17 %1$d)"
                    echo "metadata: $(hear 169.254.169.254 80)"
                    """.formatted(listed.getLocalPort(), other.getLocalPort()));

            assertThat(seen.lines())
                    .containsExactly(
                            "listed: listed",
                            "other: nothing",
                            "own loopback: nothing",
                            "neighbour: nothing",
                            "metadata: nothing");
        }
    }

    @Test
    void whereNoPortIsListedNoneCanBeReached() throws Exception {
        try (var other = listening("other")) {
            var seen = inside("", "timeout 5 head -n1 </dev/tcp/10.0.2.2/" + other.getLocalPort() + " || echo nothing");

            assertThat(seen).doesNotContain("other").contains("nothing");
        }
    }

    @Test
    void theFactoryReachesTheForwardedPort() throws Exception {
        Files.writeString(home.resolve("listen.pl"), """
                use IO::Socket::INET;
                $| = 1;
                my $s = IO::Socket::INET->new(LocalAddr => '10.0.2.100', LocalPort => 2222, Listen => 1) or die $!;
                print "listening\\n";
                my $c = $s->accept();
                print $c "SSH here\\n";
                """);
        var running = Thread.ofVirtual().start(() -> {
            try {
                inside("", "exec perl listen.pl");
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Eventually.within(Duration.ofSeconds(60), () -> "listening", () -> said().contains("listening"));
        int port = Machines.forward(MachineProcesses.of(home).getFirst());

        try (var socket = new Socket("127.0.0.1", port);
                var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            socket.setSoTimeout(30_000);
            assertThat(in.readLine()).isEqualTo("SSH here");
        }
        running.join();
    }

    @Test
    void theWallCannotBeMovedFromInside() throws Exception {
        var seen = inside("", "ip rule del priority 20 || echo refused; grep CapBnd /proc/self/status");

        assertThat(seen).contains("refused").contains("CapBnd:\t0000000000000000");
    }

    @Test
    void whenTheMachineEndsNoProcessOfItIsLeft() throws Exception {
        inside("", "true");

        assertThat(MachineProcesses.of(home)).isEmpty();
    }

    private String inside(String ports, String script) throws IOException, InterruptedException {
        Program.of("sh", "./machine.sh", ports, "bash", "-c", script)
                .in(home)
                .with(Map.of(MachineProcesses.MARK, home.toString()))
                .check();
        return said();
    }

    private String said() {
        try {
            return Files.readString(home.resolve("console.log"));
        } catch (IOException notYet) {
            return "";
        }
    }

    private static ServerSocket listening(String says) throws IOException {
        var socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!socket.isClosed()) {
                try (var peer = socket.accept()) {
                    peer.getOutputStream().write((says + "\n").getBytes(StandardCharsets.UTF_8));
                } catch (IOException closed) {
                    continue;
                }
            }
        });
        return socket;
    }
}
