package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.ifaas.hosts.HostProviderContract;
import org.ifaas.hosts.nfs.NfsPolicy;

/**
 * A real nfs-ganesha, in a root of its own below {@code target/}, that listens within the network of one machine: its guest finds
 * it at the address of QEMU's gateway, and nobody else does.
 */
final class Ganesha implements AutoCloseable {
    private static final String GATEWAY = "10.0.3.2";

    private final Process process;
    private final Path exports;
    private final long network;

    /** @param network a process in the network of the machine */
    Ganesha(Path folder, Path exports, ProcessHandle network) throws Exception {
        this.exports = exports;
        this.network = network.pid();
        var script = folder.resolve("ganesha.sh");
        try (var in = Objects.requireNonNull(NfsPolicy.class.getResourceAsStream("ganesha.sh"))) {
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
        var argv = new ArrayList<>(List.of("nsenter", "--net=/proc/" + network.pid() + "/ns/net", "sh"));
        argv.addAll(List.of(
                script.toString(),
                Path.of("target/ganesha-root").toAbsolutePath().toString(),
                exports.toString(),
                Path.of("../deploy/nfs/ganesha-export")
                        .toAbsolutePath()
                        .normalize()
                        .toString(),
                "bookworm"));
        argv.addAll(HostProviderContract.sources());
        var log = folder.resolve("ganesha.log");
        process = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(20);
        while (!Files.readString(log).contains("NFS SERVER INITIALIZED")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("ganesha: " + Files.readString(log));
            }
            Thread.sleep(100);
        }
    }

    NfsPolicy policy() {
        return new NfsPolicy(
                exports,
                GATEWAY,
                2049,
                inside("/usr/local/sbin/ganesha-export", "add", "{folder}", "{client}", "{uid}", "{gid}"),
                inside("/usr/local/sbin/ganesha-export", "remove", "{folder}"));
    }

    private List<String> inside(String... words) {
        var server = process.descendants()
                .filter(child -> name(child).equals("ganesha.nfsd"))
                .findFirst()
                .orElseThrow();
        var argv = new ArrayList<>(List.of("nsenter", "-t", "" + server.pid(), "-m", "-n", "-r", "-w", "--"));
        argv.addAll(List.of(words));
        return argv;
    }

    /** Ends the connections of all clients; they may come again. */
    void cut() throws IOException, InterruptedException {
        new ProcessBuilder(
                        "nsenter",
                        "--net=/proc/" + network + "/ns/net",
                        "ss",
                        "-K",
                        "state",
                        "established",
                        "sport",
                        "=",
                        ":2049")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    static String name(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", "" + process.pid(), "comm"))
                    .strip();
        } catch (IOException gone) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
