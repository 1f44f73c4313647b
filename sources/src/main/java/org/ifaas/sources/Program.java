package org.ifaas.sources;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program to be run: an argument vector, bounded in time and output. What it starts is ended with it.
 *
 * @param environment over the factory's own, of which variables that start with {@code GIT_} are left out
 * @param mostOutput bytes on standard output
 */
record Program(List<String> argv, Path directory, Map<String, String> environment, Duration limit, long mostOutput) {
    private static final int MOST_ERROR = 64 * 1024;

    record Output(int exit, byte[] bytes, String error) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    Output run(byte[] input) throws IOException, InterruptedException {
        var out = new ByteArrayOutputStream();
        var result = run(input, out);
        return new Output(result.exit, out.toByteArray(), result.error);
    }

    /** Writes standard output to {@code to}; the answer has none of it. */
    Output run(byte[] input, OutputStream to) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(argv).directory(directory.toFile());
        var variables = builder.environment();
        variables.keySet().removeIf(name -> name.startsWith("GIT_"));
        variables.put("LC_ALL", "C.UTF-8");
        variables.putAll(environment);
        var process = started(builder);
        try {
            var error = inBackground(() -> new String(firstBytes(process.getErrorStream()), StandardCharsets.UTF_8));
            var output = inBackground(() -> copied(process.getInputStream(), to));
            var written = inBackground(() -> fed(process.getOutputStream(), input));
            long end = System.nanoTime() + limit.toNanos();
            await(output, end);
            if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw tooLong();
            }
            await(written, end);
            return new Output(process.exitValue(), new byte[0], await(error, end));
        } finally {
            // To find descendants takes a look at every process of the machine; one that has ended has none any more.
            if (process.isAlive()) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private Process started(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(argv.getFirst() + " can't be run: is it installed? (" + e.getMessage() + ")", e);
        }
    }

    private <T> T await(CompletableFuture<T> result, long end) throws IOException, InterruptedException {
        try {
            return result.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw tooLong();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private IOException tooLong() {
        return new IOException(argv.getFirst() + " took longer than " + limit.toSeconds() + " s");
    }

    private boolean copied(InputStream from, OutputStream to) throws IOException {
        var buffer = new byte[64 * 1024];
        long left = mostOutput;
        for (int n; (n = from.read(buffer)) >= 0; left -= n) {
            if (n > left) {
                throw new IOException(argv.getFirst() + " printed more than " + mostOutput + " bytes");
            }
            to.write(buffer, 0, n);
        }
        return true;
    }

    private static byte[] firstBytes(InputStream from) throws IOException {
        var first = from.readNBytes(MOST_ERROR);
        from.transferTo(OutputStream.nullOutputStream());
        return first;
    }

    private static boolean fed(OutputStream stdin, byte[] input) {
        try (stdin) {
            stdin.write(input);
            return true;
        } catch (IOException e) {
            return false; // it ended without reading all: its exit code says what that means
        }
    }

    private interface Task<T> {
        T run() throws IOException;
    }

    private static <T> CompletableFuture<T> inBackground(Task<T> task) {
        var result = new CompletableFuture<T>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(task.run());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
