package org.ifaas.store.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A short program run to its end, in an environment of its own. */
record Command(int exit, String output) {
    static ProcessBuilder prepare(List<String> argv) {
        var builder = new ProcessBuilder(argv).redirectErrorStream(true);
        var environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return builder;
    }

    static Command run(List<String> argv) throws IOException {
        return run(argv, "");
    }

    static Command run(List<String> argv, String input) throws IOException {
        var process = prepare(argv).start();
        try (var to = process.getOutputStream()) {
            to.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended before it had read all; its exit code and output say why.
            process.onExit().join();
        }
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Command(Wait.uninterruptibly(process), output);
    }

    boolean ok() {
        return exit == 0;
    }
}
