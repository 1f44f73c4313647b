package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.hosts.local.Program;

/**
 * The virtual machines of one folder, each in a folder of its name.
 *
 * <p>A guest is hostile, and QEMU's user network would hand it every service that listens on the factory's loopback. So
 * each QEMU runs in user, network and mount namespaces of its own, without a capability, and its way out is slirp4netns, which
 * forwards to the outside network. Of the factory's loopback it reaches the listed ports and nothing else, and no link-local
 * address, where clouds keep metadata. What listens on other addresses of the factory's machine it can reach as anybody
 * in the network can.
 */
final class Machines {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,99}");
    private static final List<String> SCRIPTS = List.of("machine.sh", "guest.sh", "console.sh");
    private static final int CONSOLE_LIMIT = 1024 * 1024;
    private static final int PORTS_TRIED = 20;

    private final Path folder;
    private final QemuPolicy policy;

    Machines(Path folder, QemuPolicy policy) {
        this.folder = folder.toAbsolutePath().normalize();
        this.policy = policy;
    }

    /** The folder of a machine, there or not. */
    Path folder(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name of a machine: " + name);
        }
        return folder.resolve(name);
    }

    boolean runs(String name) {
        return MachineProcesses.whole(folder(name), policy.qemu());
    }

    List<String> list() {
        return Folders.names(folder);
    }

    /**
     * Starts a machine and returns once QEMU runs it; one of that name is destroyed first.
     *
     * @return the port on 127.0.0.1 that leads to its port 22
     */
    int start(Machine machine, Accelerator accelerator) throws StageFailure, InterruptedException {
        destroy(machine.name());
        boolean started = false;
        try {
            var home = prepare(machine);
            var process = launch(machine, home, accelerator);
            awaitRunning(machine, home, process);
            int port = forward(process.toHandle());
            started = true;
            return port;
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the virtual machine " + machine.name() + " could not be started: " + e.getMessage(),
                    "Look at space and rights in " + folder + ", then retry the build.",
                    e);
        } finally {
            if (!started) {
                destroy(machine.name());
            }
        }
    }

    /** The last 1 MiB of what a machine wrote to its serial console; empty when there is none. */
    String console(String name) {
        var text = last(folder(name).resolve("console.old")) + last(folder(name).resolve("console.log"));
        return text.substring(Math.max(0, text.length() - CONSOLE_LIMIT));
    }

    /** Leaves nothing of a machine. No effect when there is none. */
    void destroy(String name) throws StageFailure, InterruptedException {
        var home = folder(name);
        try {
            MachineProcesses.end(home);
            Folders.delete(home);
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the virtual machine " + name + " could not be destroyed: " + e.getMessage(),
                    "End what still runs in " + home + " and delete the folder.",
                    e);
        }
    }

    private Path prepare(Machine machine) throws IOException, InterruptedException {
        var home = folder(machine.name());
        Files.createDirectories(folder);
        Files.createDirectory(home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (var script : SCRIPTS) {
            Resources.copy(script, home.resolve(script));
        }
        Files.write(home.resolve("seed.iso"), SeedImage.of(machine.seed()));
        if (machine.boot() instanceof Machine.FromDisk(var uefi) && uefi != null) {
            Files.copy(uefi.variables(), home.resolve("variables.fd"));
            home.resolve("variables.fd").toFile().setWritable(true, true);
        }
        Program.of(
                        "qemu-img",
                        "create",
                        "-q",
                        "-f",
                        "qcow2",
                        home.resolve("disk.qcow2").toString(),
                        "" + machine.diskBytes())
                .check();
        return home;
    }

    private Process launch(Machine machine, Path home, Accelerator accelerator) throws IOException {
        var argv = new ArrayList<>(policy.launcher());
        argv.addAll(List.of("setsid", "sh", "./machine.sh"));
        argv.add(machine.ports().stream().map(String::valueOf).collect(Collectors.joining(" ")));
        argv.addAll(QemuArguments.of(machine, home, accelerator, policy));
        var builder = new ProcessBuilder(argv).directory(home.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("LC_ALL", "C");
        builder.environment().put(MachineProcesses.MARK, home.toString());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectOutput(home.resolve("machine.log").toFile());
        return builder.start();
    }

    private void awaitRunning(Machine machine, Path home, Process process) throws StageFailure, InterruptedException {
        long deadline = System.nanoTime() + policy.startDeadline().toNanos();
        while (!running(home, process)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                var what = process.isAlive() ? " did not start within " + policy.startDeadline() : " ended at once";
                throw new StageFailure(
                        Blame.FACTORY,
                        "QEMU for " + machine.name() + what + ": " + said(home),
                        "Mend what it says (memory, space, rights), then retry the build.");
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
    }

    private static boolean running(Path home, Process process) {
        try {
            return Files.exists(home.resolve("qmp")) && LocalSocket.running(process.toHandle());
        } catch (IOException notYet) {
            return false;
        }
    }

    /** A free port may be taken by somebody else before it is used: then another one is tried. */
    static int forward(ProcessHandle process) throws IOException {
        for (int i = 0; i < PORTS_TRIED; i++) {
            int port;
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
            if (LocalSocket.forward(process, port)) {
                return port;
            }
        }
        throw new IOException("no port of 127.0.0.1 could be forwarded to it");
    }

    private static String said(Path home) {
        var said = List.of("console.log", "net.log", "machine.log").stream()
                .flatMap(file -> last(home.resolve(file)).lines())
                .filter(line -> !line.isBlank() && !line.contains("tapfd"))
                .collect(Collectors.joining("; "));
        return said.isEmpty() ? "it said nothing" : said.substring(Math.max(0, said.length() - 2000));
    }

    private static String last(Path file) {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(Math.max(0, in.length() - CONSOLE_LIMIT));
            var bytes = new byte[(int) Math.min(CONSOLE_LIMIT, in.length() - in.getFilePointer())];
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException notThere) {
            return "";
        }
    }
}
