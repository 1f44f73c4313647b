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
public final class Ganesha implements AutoCloseable {
    private static final String GATEWAY = "10.0.3.2";
    private static final String EXPORTER = "/usr/local/sbin/ganesha-export";

    private final Process process;
    private final long network;

    /**
     * @param folder for its script and its log
     * @param machine folder of the one in whose network it is
     */
    public Ganesha(Path folder, Path exports, Path machine) throws Exception {
        network = MachineProcesses.of(machine).stream()
                .filter(process -> name(process).startsWith("qemu-system"))
                .findFirst()
                .orElseThrow()
                .pid();
        var script = folder.resolve("ganesha.sh");
        try (var in = Objects.requireNonNull(NfsPolicy.class.getResourceAsStream("ganesha.sh"))) {
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
        var argv = new ArrayList<>(List.of("nsenter", "--net=/proc/" + network + "/ns/net", "sh"));
        argv.addAll(List.of(
                script.toString(),
                Path.of("../hosts/target/ganesha-root")
                        .toAbsolutePath()
                        .normalize()
                        .toString(),
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
        writeWithin(folder);
    }

    /** By which it exports, once it runs. */
    public static NfsPolicy policy(Path folder, Path exports) {
        return new NfsPolicy(
                exports,
                GATEWAY,
                2049,
                List.of("sh", within(folder).toString(), EXPORTER, "add", "{folder}", "{client}", "{uid}", "{gid}"),
                List.of("sh", within(folder).toString(), EXPORTER, "remove", "{folder}"));
    }

    /** Runs a command where the server is. */
    private static Path within(Path folder) {
        return folder.resolve("within-ganesha.sh");
    }

    private void writeWithin(Path folder) throws IOException {
        var server = process.descendants()
                .filter(child -> name(child).equals("ganesha.nfsd"))
                .findFirst()
                .orElseThrow();
        Files.writeString(within(folder), "exec nsenter -t %d -m -n -r -w -- \"$@\"\n".formatted(server.pid()));
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

    private static String name(ProcessHandle process) {
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
