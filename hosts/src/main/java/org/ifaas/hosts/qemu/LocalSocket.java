package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One question over a Unix socket to a program that answers in lines of JSON: QEMU's QMP and the API of slirp4netns. The
 * socket is reached through the working directory of its process, as the path of a socket may have 107 bytes only.
 */
final class LocalSocket {
    private static final int LONGEST = 64 * 1024;

    private LocalSocket() {}

    /** Whether QEMU has made the machine and set it going. */
    static boolean running(ProcessHandle process) throws IOException {
        var asked = "{\"execute\":\"qmp_capabilities\"}\n{\"execute\":\"query-status\",\"id\":\"status\"}\n";
        var answer = ask(process, "qmp", asked, "\"id\": \"status\"");
        return answer.contains("\"status\": \"running\"");
    }

    /** Asks slirp4netns to forward a port of loopback to QEMU; false when it can't, as when the port is taken. */
    static boolean forward(ProcessHandle process, int port) throws IOException {
        var asked = "{\"execute\":\"add_hostfwd\",\"arguments\":{\"proto\":\"tcp\",\"host_addr\":\"127.0.0.1\","
                + "\"host_port\":%d,\"guest_addr\":\"%s\",\"guest_port\":%d}}"
                        .formatted(port, QemuArguments.NAMESPACE_ADDRESS, QemuArguments.SSH_PORT);
        return ask(process, "net.api", asked, "}").contains("\"return\"");
    }

    private static String ask(ProcessHandle process, String name, String asked, String until) throws IOException {
        var address = UnixDomainSocketAddress.of(Path.of("/proc", String.valueOf(process.pid()), "cwd", name));
        var answer = new StringBuilder();
        try (var channel = SocketChannel.open(address)) {
            channel.write(ByteBuffer.wrap(asked.getBytes(StandardCharsets.UTF_8)));
            var buffer = ByteBuffer.allocate(4096);
            while (answer.indexOf(until) < 0 && answer.length() < LONGEST && channel.read(buffer.clear()) >= 0) {
                answer.append(StandardCharsets.UTF_8.decode(buffer.flip()));
            }
        }
        return answer.toString();
    }
}
