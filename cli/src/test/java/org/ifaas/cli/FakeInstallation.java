package org.ifaas.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A folder with a {@code bin/factory} that starts {@link FakeFactoryProcess}; ends what it started. */
final class FakeInstallation implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    final Path root;
    final Path home;

    FakeInstallation(Path folder) throws IOException {
        this.root = folder.resolve("root");
        this.home = folder.resolve("home");
        var java = Path.of(System.getProperty("java.home"), "bin/java");
        script("""
                echo starting >>'%s'
                exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' org.ifaas.cli.FakeFactoryProcess "$@"
                """.formatted(folder.resolve("starts"), java, System.getProperty("java.class.path")));
    }

    /** What {@code bin/factory} does instead. */
    FakeInstallation script(String body) throws IOException {
        var file = Files.createDirectories(root.resolve("bin")).resolve("factory");
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return this;
    }

    /** How often a factory was started. */
    long starts() throws IOException {
        try (var lines = Files.lines(root.resolveSibling("starts"))) {
            return lines.count();
        }
    }

    long pid() throws IOException {
        var json = Files.readString(home.resolve("run/factory.json"));
        return Long.parseLong(json.replaceFirst(".*\"pid\":(\\d+).*", "$1"));
    }

    void kill() throws IOException {
        var process = ProcessHandle.of(pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    static void until(String what, BooleanSupplier true_) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!true_.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still not: " + what);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(home.resolve("run/factory.json"))) {
            ProcessHandle.of(pid()).ifPresent(process -> {
                process.destroyForcibly();
                process.onExit().join();
            });
        }
    }
}
