package org.ifaas.hosts.root;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.ifaas.hosts.local.Program;

/** Which of the roots in a folder are kept. Beside each lies when it was used last, and who stands on it. */
record KeptRoots(Path folder) {
    /** A root that was handed out this long ago may be about to be held. */
    private static final Duration JUST_USED = Duration.ofHours(1);

    void hold(Path root, Path holder) throws IOException {
        var held = Files.createDirectories(folder.resolve(root.getFileName() + ".held"));
        Files.writeString(
                held.resolve(holder.getFileName()), holder.toAbsolutePath().toString());
    }

    /** Removes all but the {@code keep} used last, those in use and {@code made}. */
    void removeUnused(int keep, Path made, Instant now) throws IOException, InterruptedException {
        var unused = roots().stream()
                .sorted(Comparator.comparing(KeptRoots::used).reversed())
                .skip(keep)
                .filter(root -> !root.equals(made))
                .toList();
        for (var root : unused) {
            if (used(root).isBefore(now.minus(JUST_USED)) && !held(root)) {
                var going = folder.resolve(".gone-" + root.getFileName());
                remove(going);
                Files.move(root, going, StandardCopyOption.ATOMIC_MOVE);
                for (var suffix : List.of(".used", ".held", ".lock")) {
                    remove(folder.resolve(root.getFileName() + suffix));
                }
            }
        }
        for (var one : files(folder)) {
            if (one.getFileName().toString().startsWith(".gone-")) {
                remove(one);
            }
        }
    }

    /** Removes the packages that have not been used for longest, until the rest is small enough. */
    void boundPackages(Path cache, long bytes) throws IOException {
        var packages = files(cache).stream()
                .sorted(Comparator.comparingLong((Path file) -> file.toFile().lastModified())
                        .reversed())
                .toList();
        long total = 0;
        for (var one : packages) {
            total += one.toFile().length();
            if (total > bytes) {
                Files.deleteIfExists(one);
            }
        }
    }

    private List<Path> roots() throws IOException {
        return files(folder).stream()
                .filter(file -> Files.exists(folder.resolve(file.getFileName() + ".used")))
                .toList();
    }

    private static Instant used(Path root) {
        try {
            return Files.getLastModifiedTime(root.resolveSibling(root.getFileName() + ".used"))
                    .toInstant();
        } catch (IOException e) {
            return Instant.MAX;
        }
    }

    private boolean held(Path root) throws IOException {
        for (var mark : files(folder.resolve(root.getFileName() + ".held"))) {
            if (Files.exists(Path.of(Files.readString(mark)))) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return all.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static void remove(Path path) throws IOException, InterruptedException {
        Program.of("rm", "-rf", "--one-file-system", "--", path.toString())
                .limit(Duration.ofMinutes(10))
                .check();
    }
}
