package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A factory's home under {@code target/}; prepared roots and the package cache are shared between tests. A class that is run once
 * more after it has removed its home gets it anew.
 */
final class TestHome {
    private static final Path TARGET = Path.of("target/homes").toAbsolutePath();

    private final Path path;
    private boolean there;

    private TestHome(String name) {
        this.path = TARGET.resolve(name);
    }

    static TestHome make(String name) {
        var home = new TestHome(name);
        home.path();
        return home;
    }

    synchronized Path path() {
        if (!there) {
            try {
                makeAnew();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            there = true;
        }
        return path;
    }

    private void makeAnew() throws IOException {
        if (Files.exists(path)) {
            delete(path);
        }
        Files.createDirectories(path);
        for (var shared : List.of("roots", "cache", "postgresql", "kvm", "mirrors")) {
            Files.createSymbolicLink(path.resolve(shared), Files.createDirectories(shared(shared)));
        }
    }

    /** Polls until no process of this home is left. */
    void awaitNothingRuns() throws InterruptedException {
        RunningFactory.await("nothing runs in " + path, () -> {
            try {
                return commandLines().stream().noneMatch(line -> line.contains(path.toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** What all homes have in common. */
    static Path shared(String folder) {
        return TARGET.resolve("shared").resolve(folder);
    }

    /** No process, mount, loop device of this home, and no folder of a host, instance or build. */
    synchronized void assertNothingIsLeftAndRemove() throws IOException {
        var text = path.toString();
        assertThat(Files.readAllLines(Path.of("/proc/mounts"))).noneMatch(mount -> mount.contains(text));
        assertThat(commandLines()).noneMatch(line -> line.contains(text));
        for (var folder : List.of("hosts/container", "hosts/qemu", "instances", "builds")) {
            assertThat(entries(path.resolve(folder))).as(folder).isEmpty();
        }
        assertThat(loopFiles()).noneMatch(file -> file.contains(text));
        delete(path);
        there = false;
    }

    private static List<String> commandLines() throws IOException {
        var lines = new ArrayList<String>();
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                if (process.getFileName()
                        .toString()
                        .equals(Long.toString(ProcessHandle.current().pid()))) {
                    continue;
                }
                try {
                    lines.add(Files.readString(process.resolve("cmdline")).replace('\0', ' '));
                } catch (IOException gone) {
                    // It has ended meanwhile.
                }
            }
        }
        return lines;
    }

    private static List<String> loopFiles() throws IOException {
        var files = new ArrayList<String>();
        try (var loops = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
            for (var loop : loops) {
                var backing = loop.resolve("loop/backing_file");
                if (Files.exists(backing)) {
                    files.add(Files.readString(backing));
                }
            }
        }
        return files;
    }

    private static List<String> entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var inside = Files.list(folder)) {
            return inside.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
