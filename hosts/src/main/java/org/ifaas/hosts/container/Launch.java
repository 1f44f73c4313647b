package org.ifaas.hosts.container;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.host.HostSize;

/** Brings the processes of one host up, so that they outlive this one. */
record Launch(HostFolder folder) {

    /** Starts them and waits for the SSH server's first words. */
    void start(HostSize size, int port, List<Path> cgroups, ContainerPolicy policy)
            throws IOException, InterruptedException {
        var process = new ProcessBuilder(argv(systemd(), size, policy.processes(), cgroups))
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(folder.log().toFile());
        process.environment().clear();
        process.environment().put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        process.environment().put("LC_ALL", "C");
        var started = process.start();
        long deadline = System.nanoTime() + policy.start().toNanos();
        while (!answers(port)) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new IOException((started.isAlive() ? "it does not answer: " : "it has ended: ") + lastWords());
            }
            Thread.sleep(50);
        }
    }

    /**
     * Where systemd runs the machine, a scope of its own gives the limits, and keeps the host when the factory's service is
     * restarted.
     */
    List<String> argv(boolean systemd, HostSize size, int processes, List<Path> cgroups) {
        var argv = new ArrayList<>(List.of("setsid"));
        if (systemd) {
            argv.addAll(List.of("systemd-run", "--scope", "--quiet", "--collect", "--unit=" + scope(folder.name())));
            argv.addAll(List.of("--property=Delegate=yes", "--property=MemoryMax=" + size.memoryMiB() + "M"));
            argv.addAll(List.of("--property=CPUQuota=" + size.cpus() * 100 + "%", "--property=TasksMax=" + processes));
        }
        argv.addAll(List.of(
                "sh", "-c", Scripts.LAUNCH, "ifaas-launch", folder.path().toString()));
        argv.add("given/host.sh");
        cgroups.forEach(cgroup -> argv.add(cgroup.toString()));
        return argv;
    }

    static boolean systemd() {
        return Files.isDirectory(Path.of("/run/systemd/system"));
    }

    static String scope(String name) {
        return Cgroups.group(name) + ".scope";
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(5000);
            return new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII).equals("SSH-");
        } catch (IOException e) {
            return false;
        }
    }

    private String lastWords() throws IOException {
        try (var lines = Files.lines(folder.log(), StandardCharsets.ISO_8859_1)) {
            var all = lines.filter(line -> !line.isBlank()).toList();
            return String.join(" / ", all.subList(Math.max(0, all.size() - 4), all.size()));
        }
    }
}
