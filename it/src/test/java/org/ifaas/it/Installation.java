package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The command line as a process of its own, with what the launcher and {@code bin/factory} do around it. */
record Installation(Path root) {
    /** Of this build, without the tests' own classes and resources. */
    static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    static Installation in(Path root) throws IOException {
        var program = Files.createDirectories(root.resolve("bin")).resolve("factory");
        Files.writeString(
                program,
                "#!/bin/sh\nexec '%s' -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' org.ifaas.server.Main \"$@\"\n"
                        .formatted(java(), classPath()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Installation(root);
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin/java");
    }

    /** What a command printed, on either stream, and how it ended. */
    record Ended(int code, String printed) {
        Ended well() {
            assertThat(code).as(printed).isZero();
            return this;
        }
    }

    Ended ifaas(String... words) throws IOException, InterruptedException {
        var process = start(words);
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), printed);
    }

    /** A command that is not waited for; what it prints has to be read. */
    Process start(String... words) throws IOException {
        var command = new ArrayList<>(List.of(
                java().toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Difaas.root=" + root,
                "-cp",
                classPath(),
                "org.ifaas.cli.Main"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        return process;
    }
}
