package org.ifaas.release.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a program to its end, from an argument vector, with no input. */
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

    /**
     * An interrupt kills it.
     *
     * @throws IOException also when there is no such program
     */
    public static Ended run(Path folder, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        var output = Files.createTempFile("program-", ".out");
        var errors = Files.createTempFile("program-", ".err");
        try {
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().put("LC_ALL", "C.UTF-8");
            builder.environment().putAll(environment);
            var exitCode = await(builder.start());
            return new Ended(exitCode, start(output), start(errors));
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        }
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
