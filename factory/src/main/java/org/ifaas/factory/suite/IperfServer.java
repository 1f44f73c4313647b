package org.ifaas.factory.suite;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ifaas.factory.host.Listening;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/**
 * The iperf3 server of one build, on the factory's machine. It outlives the factory's process: its pid and port lie
 * in the build's folder, where whoever carries the build on, or cleans up, finds them.
 */
public final class IperfServer {
    private static final Duration START = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 5;

    private final String program;
    private final Path pidFile;
    private final Path portFile;
    private final Path output;

    /**
     * @param program name or path of iperf3
     * @param folder the build's
     */
    public IperfServer(String program, Path folder) {
        this.program = program;
        this.pidFile = folder.resolve("iperf3.pid");
        this.portFile = folder.resolve("iperf3.port");
        this.output = folder.resolve("iperf3.log");
    }

    /**
     * Starts it, or finds the one that runs.
     *
     * @param at where it is reached
     * @return its port
     * @throws StageFailure blaming the FACTORY
     */
    public int start(Listening at) throws StageFailure, InterruptedException {
        var running = port();
        if (running.isPresent()) {
            return running.getAsInt();
        }
        try {
            stop();
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                int port = freePort(at);
                if (started(at.address(), port)) {
                    return port;
                }
            }
            throw failure(Files.readString(output).strip(), null);
        } catch (IOException e) {
            throw failure(at.address() + ": " + e.getMessage(), e);
        }
    }

    /** The port of the server that runs. */
    public OptionalInt port() {
        try {
            return process().isPresent()
                    ? OptionalInt.of(Integer.parseInt(Files.readString(portFile).strip()))
                    : OptionalInt.empty();
        } catch (IOException | NumberFormatException halfMade) {
            return OptionalInt.empty();
        }
    }

    /** No effect when there is none. */
    public void stop() throws InterruptedException {
        try {
            var process = process();
            if (process.isPresent()) {
                process.get().destroy();
                if (!ended(process.get(), Duration.ofSeconds(5))) {
                    process.get().destroyForcibly();
                    ended(process.get(), Duration.ofSeconds(5));
                }
            }
            Files.deleteIfExists(pidFile);
            Files.deleteIfExists(portFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port may be taken by somebody else before iperf3 has it: then it ends, and another is tried. */
    private boolean started(String address, int port) throws IOException, InterruptedException {
        Files.deleteIfExists(output);
        Files.writeString(portFile, Integer.toString(port));
        var server = new ProcessBuilder(
                        program, "--server", "--bind", address, "--port", Integer.toString(port), "--forceflush")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        Files.writeString(pidFile, Long.toString(server.pid()));
        long deadline = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < deadline) {
            if (Files.readString(output).contains("Server listening on " + port)) {
                return true;
            }
            if (server.waitFor(20, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        stop();
        return false;
    }

    /** Only a process that is this server: a pid may have been given to another one since. */
    private Optional<ProcessHandle> process() throws IOException {
        if (!Files.exists(pidFile) || !Files.exists(portFile)) {
            return Optional.empty();
        }
        try {
            long pid = Long.parseLong(Files.readString(pidFile).strip());
            var arguments = List.of(
                    Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0"));
            boolean ours = arguments.contains("--server")
                    && arguments.contains(Files.readString(portFile).strip());
            return ours ? ProcessHandle.of(pid) : Optional.empty();
        } catch (NumberFormatException | NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    private static boolean ended(ProcessHandle process, Duration limit) throws InterruptedException {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        }
    }

    private static int freePort(Listening at) throws IOException {
        var address = InetAddress.getByName(at.address());
        for (int port = at.first(); ; port++) {
            try (var socket = new ServerSocket(port, 1, address)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                if (port >= at.last()) {
                    throw new IOException(
                            "no port from %d to %d can be had: %s".formatted(at.first(), at.last(), e.getMessage()), e);
                }
            }
        }
    }

    private static StageFailure failure(String why, @Nullable Throwable cause) {
        return new StageFailure(
                Blame.FACTORY,
                "the build's iperf3 server can't be started: " + why,
                "Install iperf3 on the factory's machine; iperf3_address of a cloud has to be an address of that machine.",
                cause);
    }
}
