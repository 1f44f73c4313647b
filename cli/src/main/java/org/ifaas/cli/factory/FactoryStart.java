package org.ifaas.cli.factory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;

/**
 * Starts a factory as a process and a session of its own, so that neither Ctrl-C nor closing the terminal ends it.
 *
 * @param arguments what follows {@code serve}
 */
public record FactoryStart(Surroundings surroundings, Path home, List<String> arguments) {
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final int TAIL_LINES = 15;

    /**
     * Returns when it is ready; the lock keeps two commands from starting two. What the last one has left is said on standard
     * error.
     */
    public RunningFactory start() throws IOException, InterruptedException {
        makeFolders();
        var lock = home.resolve("run/start.lock");
        try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock()) {
            var other = RunningFactory.find(home);
            if (other.isPresent()) {
                return other.get();
            }
            boolean crashed = RunningFactory.left(home);
            var started = spawn();
            started.status().found().forEach(found -> surroundings.err().println("Found: " + found));
            if (crashed && started.status().found().isEmpty()) {
                surroundings.err().println("Found: the last factory ended without stopping, and left no build undone");
            }
            return started;
        }
    }

    private RunningFactory spawn() throws IOException, InterruptedException {
        var log = home.resolve("log/server.log");
        long before = Files.exists(log) ? Files.size(log) : 0;
        var process = process(log);
        try (var progress = new Progress(surroundings, "Starting the factory")) {
            long deadline = System.nanoTime() + DEADLINE.toNanos();
            while (System.nanoTime() < deadline) {
                boolean ended = !process.isAlive();
                var ready = RunningFactory.find(home);
                if (ready.isPresent()) {
                    return ready.get();
                }
                if (ended) {
                    throw failed("the factory could not start (exit code " + process.exitValue() + ")", log, before);
                }
                progress.tick();
                Thread.sleep(50);
            }
        }
        throw failed("the factory is not ready after " + DEADLINE.toMinutes() + " minutes", log, before);
    }

    private Process process(Path log) throws IOException {
        var root = surroundings.root();
        if (root == null) {
            throw new Stop(
                    ExitCode.UNREACHABLE,
                    "no factory runs for " + home,
                    "Start one: " + surroundings.hints().of("serve"));
        }
        var command = new ArrayList<>(
                List.of("setsid", root.resolve("bin/factory").toString(), "serve", "--home", home.toString()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        if (surroundings.product() != null) {
            builder.environment().put("IFAAS_PRODUCT", surroundings.product());
        }
        return builder.start();
    }

    private void makeFolders() {
        try {
            if (!Files.exists(home)) {
                Files.createDirectories(
                        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.createDirectories(home.resolve("run"));
            Files.createDirectories(home.resolve("log"));
        } catch (IOException e) {
            throw new Stop(
                    ExitCode.UNREACHABLE,
                    "can't write to the factory's home " + home + ": " + e.getMessage(),
                    "Choose a folder that you may write to, with --home or IFAAS_HOME.");
        }
    }

    private Stop failed(String what, Path log, long before) {
        return new Stop(ExitCode.UNREACHABLE, what + "; its log says:\n" + tail(log, before), "All of it: " + log);
    }

    private static String tail(Path log, long before) {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(before, file.length() - 64 * 1024);
            file.seek(from);
            var bytes = new byte[(int) Math.max(0, file.length() - from)];
            file.readFully(bytes);
            var lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            var last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            return last.isEmpty() ? "  (nothing)" : "  " + String.join("\n  ", last);
        } catch (IOException e) {
            return "  (it can't be read: " + e.getMessage() + ")";
        }
    }
}
