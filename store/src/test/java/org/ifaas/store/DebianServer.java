package org.ifaas.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.ifaas.store.sql.Address;

/** Debian's postgresql, unpacked under target/ and run from there, stopped by its process. */
public final class DebianServer extends TestServer {
    private static final String PASSWORD = "a password of the tests";

    private final Path folder = Scratch.folder("debian");
    private final String libraries;
    private final List<String> command;
    private Process process;
    private final Address address;
    private final int major;

    public DebianServer() {
        try {
            var script = script();
            var unpacked = script.getParent().resolveSibling("debian");
            var lines = run(List.of("sh", script.toString(), unpacked.toString(), "postgresql"), "")
                    .lines()
                    .toList();
            var programs = programs(Path.of(lines.get(lines.size() - 2)));
            this.libraries = lines.getLast();
            this.major = Integer.parseInt(
                    programs.getName(programs.getNameCount() - 2).toString());
            var data = folder.resolve("data");
            var secret = Files.writeString(folder.resolve("password"), PASSWORD);
            run(
                    as(
                            programs.resolve("initdb"),
                            "-D",
                            data,
                            "-U",
                            "ifaas",
                            "-A",
                            "scram-sha-256",
                            "--pwfile=" + secret,
                            "-E",
                            "UTF8",
                            "--locale=C",
                            "--no-sync"),
                    "");
            var port = freePort();
            this.command = as(
                    programs.resolve("postgres"),
                    "-D",
                    data,
                    "-p",
                    port,
                    "-c",
                    "fsync=off",
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "unix_socket_directories=",
                    "-c",
                    "jit=off");
            this.process = start(command);
            this.address = new Address("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "ifaas", PASSWORD);
            awaitAnswer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path programs(Path root) throws IOException {
        try (var versions = Files.newDirectoryStream(root.resolve("usr/lib/postgresql"))) {
            return versions.iterator().next().resolve("bin");
        }
    }

    /** In this module's {@code target/}, whichever module's tests ask for it. */
    private static Path script() {
        return Path.of(URI.create(Objects.requireNonNull(DebianServer.class.getResource("/debian-package.sh"))
                .toString()));
    }

    private static List<String> as(Object... argv) throws IOException {
        var command = new ArrayList<String>();
        if ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0) {
            command.addAll(List.of("unshare", "-U", "--"));
        }
        for (var word : argv) {
            command.add(word.toString());
        }
        return command;
    }

    private Process start(List<String> argv) throws IOException {
        var builder = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment().put("LD_LIBRARY_PATH", libraries);
        return builder.start();
    }

    private String run(List<String> argv, String libraries) throws IOException {
        var builder = new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LD_LIBRARY_PATH", libraries);
        var started = builder.start();
        var output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (started.onExit().join().exitValue() != 0) {
            throw new IOException(argv + " ended with " + started.exitValue() + ": " + output);
        }
        return output;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** As an operator does: whoever is connected is told so, and cut off. */
    public void stop() throws IOException {
        try {
            if (new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                                    .inheritIO()
                                    .start()
                                    .waitFor()
                            != 0
                    || !process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IOException("PostgreSQL did not stop: " + Files.readString(folder.resolve("log")));
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    public void startAgain() throws IOException {
        process = start(command);
        awaitAnswer();
    }

    private void awaitAnswer() throws IOException {
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try (var connection = address.dataSource().getConnection()) {
                return;
            } catch (SQLException e) {
                if (!process.isAlive() || System.nanoTime() > until) {
                    throw new IOException(Files.readString(folder.resolve("log")), e);
                }
            }
            try {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    @Override
    protected Address address() {
        return address;
    }

    @Override
    public int major() {
        return major;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        Scratch.delete(folder);
    }
}
