package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.SshKey;
import org.ifaas.hosts.local.Program;

/**
 * A real OpenSSH server on loopback for the time of a test. It comes from the machine or, where there is none, from its
 * package, unpacked below {@code target}. As root it runs in namespaces of its own, so that it needs no account and no
 * folder that the machine does not have, and that nothing it started outlives it.
 */
final class SshServer implements AutoCloseable {
    static final String OTHER_USER = "somebody";

    private final Path folder;
    private final Process process;
    private final int port;
    private final SshKey hostKey;

    SshServer(Path folder, SshRemote remote, SshKey userKey) throws Exception {
        this.folder = folder;
        this.port = freePort();
        this.hostKey = remote.key(folder, "host-key", "");
        this.process = start(binary(), userKey);
        awaitListening();
    }

    static boolean root() {
        return System.getProperty("user.name").equals("root");
    }

    BuildHost host() {
        return host(hostKey.publicKey(), port, System.getProperty("user.name"));
    }

    BuildHost host(@org.jspecify.annotations.Nullable String key, int port, String user) {
        return new BuildHost(HostKind.CONTAINER, "testhost", "127.0.0.1", port, user, key, "sshd", Instant.EPOCH);
    }

    String hostKey() {
        return hostKey.publicKey();
    }

    int port() {
        return port;
    }

    private Process start(List<String> sshd, SshKey userKey) throws Exception {
        var given = Files.writeString(folder.resolve("authorized_keys"), userKey.publicKey() + "\n");
        // The folder of a test can be read by its owner alone.
        var keys = root() ? Path.of("/run/authorized_keys") : given;
        var config = Files.writeString(folder.resolve("sshd_config"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin prohibit-password
                MaxStartups 100
                """.formatted(port, hostKey.privateKey(), keys));
        var command = new ArrayList<String>();
        if (root()) {
            var passwd = Files.writeString(folder.resolve("passwd"), """
                    root:x:0:0:root:/root:/bin/sh
                    sshd:x:104:65534::/run/sshd:/usr/sbin/nologin
                    %s:x:4242:4242::/tmp:/bin/sh
                    """.formatted(OTHER_USER));
            command.addAll(List.of(
                    "unshare",
                    "--mount",
                    "--pid",
                    "--fork",
                    "--kill-child",
                    "--mount-proc",
                    "sh",
                    "-ec",
                    """
                    mount -t tmpfs -o mode=755 run /run
                    mkdir /run/sshd
                    install -m 644 "$2" /run/authorized_keys
                    mount -t tmpfs -o mode=1777 private /var/tmp
                    mount --bind "$1" /etc/passwd
                    shift 2
                    exec "$@"
                    """,
                    "sh",
                    passwd.toString(),
                    given.toString()));
        }
        command.addAll(sshd);
        command.addAll(List.of("-D", "-e", "-f", config.toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sshd.log").toFile());
        return builder.start();
    }

    /** The server's program, with what it takes to find its libraries. */
    private static List<String> binary() throws IOException, InterruptedException {
        if (Files.isExecutable(Path.of("/usr/sbin/sshd"))) {
            return List.of("/usr/sbin/sshd");
        }
        var unpacked = Path.of("target/sshd").toAbsolutePath();
        var program = unpacked.resolve("usr/sbin/sshd");
        if (!Files.exists(program)) {
            var download =
                    Files.createDirectories(Path.of("target/sshd-packages").toAbsolutePath());
            Program.of("apt-get", "download", "openssh-server", "libwrap0")
                    .in(download)
                    .limit(Duration.ofMinutes(2))
                    .check();
            try (var packages = Files.list(download)) {
                for (var one : packages.filter(file -> file.toString().endsWith(".deb"))
                        .toList()) {
                    Program.of("dpkg", "-x", one.toString(), unpacked.toString())
                            .check();
                }
            }
        }
        var libraries = unpacked.resolve("usr/lib/x86_64-linux-gnu") + ":" + unpacked.resolve("lib/x86_64-linux-gnu");
        return List.of("env", "LD_LIBRARY_PATH=" + libraries, program.toString());
    }

    private void awaitListening() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException("sshd: " + Files.readString(folder.resolve("sshd.log")), e);
                }
                Thread.sleep(20);
            }
        }
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
