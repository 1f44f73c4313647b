package org.ifaas.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A git repository of image definitions that a test makes up, and the configuration by which a factory builds from it. */
record Definitions(Path folder) {

    /** For a builder's program: {@code $let_go} is there when the test has {@link #letGo let it go}. */
    static final String AWAIT_LET_GO = """
            let_go=$IFAAS_WORK/let-go
            (sleep 1d || :; : >"$let_go") &
            """;

    static Definitions in(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var definitions = new Definitions(folder);
        definitions.git("init", "--quiet", "--template=", "--initial-branch=main");
        return definitions;
    }

    /** A definition that is sound; its builder is a program of its own that leaves what the test wants. */
    Definitions script(String image, int diskMiB, String program) {
        return file(image + "/image.yaml", yaml(image, "sizes: {disk_mib: " + diskMiB + ", min_ram_mib: 64}\n"))
                .program(image + "/build", program);
    }

    /** {@code image.yaml} of a sound definition, and further lines. */
    static String yaml(String image, String lines) {
        return """
                name: %1$s
                title: Made up by a test
                builder: script
                description: build
                os: {distro: %1$s, version: 1}
                owner: images@example.org
                """.formatted(image) + lines;
    }

    Definitions file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    Definitions file(String path, byte[] content) {
        try {
            var file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Definitions program(String path, String content) {
        file(path, content);
        try {
            Files.setPosixFilePermissions(folder.resolve(path), PosixFilePermissions.fromString("rwxr-xr-x"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that ships with the product, as it is. */
    Definitions shipped(String image) throws IOException {
        var from = Path.of("../images").resolve(image);
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(
                        file,
                        folder.resolve(image).resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return this;
    }

    Definitions link(String path, String target) {
        try {
            Files.createDirectories(folder.resolve(path).getParent());
            Files.createSymbolicLink(folder.resolve(path), Path.of(target));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void commit() throws IOException, InterruptedException {
        git("add", "--all");
        git("commit", "--quiet", "-m", "Made up by a test");
    }

    /** A configuration file in the folder of the same name, with this repository alone and trusted. */
    Path configuration(String lines) throws IOException {
        var text = """
                repositories:
                  - {name: test, url: '%s', trusted: true}
                """.formatted(folder) + lines;
        return Files.writeString(folder.resolveSibling(folder.getFileName() + ".yaml"), text);
    }

    /** Awaits that the program of a build on this machine waits. */
    static void awaitWaiting(String build) throws InterruptedException {
        awaitWaiting(build, _ -> true);
    }

    /** Ends what the program of a build on this machine waits for, if it does now. */
    static void letGoIfWaiting(String build) {
        waiting(build).forEach(ProcessHandle::destroy);
    }

    /** Awaits that the program of a build on this machine waits, and ends what it waits for. */
    static void letGo(String build) throws InterruptedException {
        awaitWaiting(build, ProcessHandle::destroy);
    }

    private static void awaitWaiting(String build, Predicate<ProcessHandle> then) throws InterruptedException {
        RunningFactory.await("build " + build + " waits", () -> waiting(build).anyMatch(then));
    }

    private static Stream<ProcessHandle> waiting(String build) {
        return ProcessHandle.allProcesses().filter(process -> isAwaitedIn(build, process.pid()));
    }

    private static boolean isAwaitedIn(String build, long pid) {
        var process = Path.of("/proc/" + pid);
        try {
            return Files.readString(process.resolve("cmdline")).equals("sleep\0001d\000")
                    && Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
                            .contains("-" + build);
        } catch (IOException ended) {
            return false;
        }
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        var argv = new ArrayList<>(List.of("git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org"));
        argv.addAll(List.of(arguments));
        var git = new ProcessBuilder(argv).directory(folder.toFile()).redirectErrorStream(true);
        git.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        git.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        var running = git.start();
        var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (running.waitFor() != 0) {
            throw new IOException(argv + " failed: " + said);
        }
    }
}
