package org.ifaas.hosts.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A program of this machine: an argument vector, run in a session of its own so that a limit or an interrupt ends all of
 * it. Its environment is empty but for {@code PATH}, {@code LC_ALL=C} and what is given.
 *
 * @param limit how long it may run
 */
public record Program(List<String> argv, Map<String, String> environment, Path directory, Duration limit) {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int LINE_LIMIT = 16 * 1024;
    private static final int TAIL_LIMIT = 64 * 1024;

    public Program {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    public static Program of(String... argv) {
        return of(List.of(argv));
    }

    public static Program of(List<String> argv) {
        return new Program(argv, Map.of(), Path.of("/"), Duration.ofMinutes(1));
    }

    public Program limit(Duration limit) {
        return new Program(argv, environment, directory, limit);
    }

    public Program in(Path directory) {
        return new Program(argv, environment, directory, limit);
    }

    public Program with(Map<String, String> environment) {
        return new Program(argv, environment, directory, limit);
    }

    /**
     * How it ended.
     *
     * @param exit exit code; 128 and more when a signal ended it
     * @param output standard output and error, merged: the last 64 KiB
     */
    public record Result(int exit, String output) {
        public boolean ok() {
            return exit == 0;
        }
    }

    public Result run() throws IOException, InterruptedException {
        return run(_ -> {});
    }

    /** Runs it and hands over its output line by line while it runs. */
    public Result run(Consumer<String> lines) throws IOException, InterruptedException {
        var tail = new Tail(TAIL_LIMIT);
        int exit = run(true, out -> {
            var split = Lines.last(LINE_LIMIT, line -> {
                tail.add(line);
                lines.accept(line);
            });
            split.addAll(out);
        });
        return new Result(exit, tail.text());
    }

    /**
     * Its standard output, at most {@code limit} bytes; what it writes to standard error is not looked at.
     *
     * @throws IOException when it exits other than 0 or prints more
     */
    public String read(int limit) throws IOException, InterruptedException {
        var text = new ByteArrayOutputStream();
        int exit = run(false, out -> text.write(out.readNBytes(limit + 1)));
        if (text.size() > limit) {
            throw new IOException(argv.getFirst() + " printed more than " + limit + " bytes");
        }
        if (exit != 0) {
            throw new IOException(argv.getFirst() + " exited with " + exit);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Runs it; a failure carries the end of its output. */
    public String check() throws IOException, InterruptedException {
        var result = run();
        if (!result.ok()) {
            throw new IOException(String.join(" ", argv) + " exited with " + result.exit() + ": "
                    + result.output().strip());
        }
        return result.output();
    }

    private interface Reading {
        void read(InputStream out) throws IOException;
    }

    private int run(boolean merged, Reading reading) throws IOException, InterruptedException {
        var process = start(merged);
        var failure = new AtomicReference<Exception>();
        var reader = Thread.ofVirtual().start(() -> {
            try (var out = process.getInputStream()) {
                reading.read(out);
            } catch (IOException | RuntimeException e) {
                failure.set(e);
            }
        });
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(argv.getFirst() + " took longer than " + limit.toSeconds() + " s and was ended");
            }
            // A daemon it left behind may hold its output open for ever; what the program itself wrote is there by now.
            reader.join(Duration.ofSeconds(2));
        } finally {
            if (process.isAlive()) {
                end(process);
            }
            reader.interrupt();
        }
        switch (failure.get()) {
            case RuntimeException e -> throw e;
            case IOException e when !reader.isAlive() -> throw e;
            case null, default -> {}
        }
        return process.exitValue();
    }

    private Process start(boolean merged) throws IOException {
        var command = new ArrayList<String>();
        command.add("setsid");
        command.addAll(argv);
        var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(merged);
        builder.environment().clear();
        builder.environment().put("PATH", PATH);
        builder.environment().put("LC_ALL", "C");
        builder.environment().putAll(environment);
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        if (!merged) {
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        return builder.start();
    }

    /** A child of ours is no group leader, so setsid does not fork and the child's pid is also its group's. */
    private static void end(Process process) {
        boolean interrupted = Thread.interrupted();
        try {
            signal("TERM", process.pid());
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            // The first to end may not be the last: others of the group clean up.
            while (signal("0", process.pid()) && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            signal("KILL", process.pid());
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the group has a process still. */
    private static boolean signal(String signal, long group) throws IOException, InterruptedException {
        return new ProcessBuilder("kill", "-s", signal, "--", "-" + group)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
