package org.ifaas.release.program;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** Runs a program to its end, from an argument vector. */
public final class Program {
    private static final int MOST_OUTPUT = 16 * 1024;

    private Program() {}

    /** @param output of standard output, at most 16 KiB; {@code errors} of standard error likewise */
    public record Ended(int exitCode, String output, String errors) {
        public boolean well() {
            return exitCode == 0;
        }

        /** Both, for people; at most 16 KiB. */
        public String text() {
            var both = (output + errors).strip();
            return both.length() <= MOST_OUTPUT ? both : both.substring(0, MOST_OUTPUT);
        }
    }

    /** Writes what a program is to read. */
    @FunctionalInterface
    public interface Input {
        void writeTo(OutputStream program) throws IOException;
    }

    /** With no input. */
    public static Ended run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        return run(folder, environment, command, program -> {});
    }

    /**
     * An interrupt kills it.
     *
     * @throws IOException also when there is no such program, or the input can't be read
     */
    public static Ended run(Path folder, Map<String, String> environment, List<String> command, Input input)
            throws IOException, InterruptedException {
        var output = Files.createTempFile("program-", ".out");
        var errors = Files.createTempFile("program-", ".err");
        try {
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().putAll(environment);
            var exitCode = feedAndAwait(builder.start(), input);
            return new Ended(exitCode, start(output), start(errors));
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
    }

    /**
     * With no input; its standard output is not kept but heard as it comes, line by line. An interrupt kills it.
     *
     * @throws IOException also when there is no such program
     */
    public static Ended hear(Path folder, List<String> command, Consumer<String> output)
            throws IOException, InterruptedException {
        var errors = Files.createTempFile("program-", ".err");
        try {
            var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            var process = builder.start();
            process.getOutputStream().close();
            var hearing = Thread.ofVirtual().name("program-output").start(() -> lines(process, output));
            var exitCode = await(process);
            hearing.join();
            return new Ended(exitCode, "", start(errors));
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    private static void lines(Process process, Consumer<String> output) {
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                output.accept(line);
            }
        } catch (IOException killed) {
            // The exit code says it.
        }
    }

    /** The input is written by another thread, so that an interrupt ends a program that doesn't read. */
    private static int feedAndAwait(Process process, Input input) throws IOException, InterruptedException {
        var feed = new FutureTask<>(() -> {
            try (var out = process.getOutputStream()) {
                input.writeTo(out);
            }
            return true;
        });
        Thread.ofVirtual().name("program-input").start(feed);
        var exitCode = await(process);
        try {
            feed.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException unread && exitCode == 0) {
                throw unread;
            } // otherwise it ended before it had read all, and its exit code says more
        }
        return exitCode;
    }

    private static int await(Process process) throws InterruptedException {
        try {
            return process.waitFor();
        } catch (InterruptedException interrupted) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
            throw interrupted;
        }
    }

    private static String start(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
        }
    }
}
