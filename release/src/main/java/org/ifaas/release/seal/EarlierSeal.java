package org.ifaas.release.seal;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Measurer;
import org.ifaas.factory.signing.Sealer;
import org.ifaas.release.audit.ReleaseFiles;
import org.ifaas.release.dsse.Envelope;
import org.ifaas.release.openpgp.PublicKeyFiles;

/** The seal that a release had: kept as evidence beside the files it spoke of, which are compared with it. */
record EarlierSeal(Path release, String checksumsSha256, Measurer measurer) {
    private static final Set<String> PARTS =
            Set.of(ReleaseFiles.AUDIT, Sealer.PROVENANCE, PublicKeyFiles.ARMORED, PublicKeyFiles.KEYRING);

    Path folder() {
        return release.resolve(Sealer.EARLIER).resolve(checksumsSha256.substring(0, 16));
    }

    /** Where its own files are: once they are kept, a new seal may be half made in their place. */
    private Path parts() {
        return Files.isDirectory(folder()) ? folder() : release;
    }

    /** Its statement, whose envelope is signed anew. */
    String statement() throws IOException {
        return Envelope.read(parts().resolve(Sealer.PROVENANCE)).statement();
    }

    /** Copies what a new seal replaces, whole or not at all. No effect when that was done before. */
    void keep() throws StageFailure, IOException {
        if (!Files.isDirectory(folder())) {
            try {
                copy();
            } finally {
                removeUnfinished(release);
            }
        }
    }

    /** What a crash has left of copies; no part of the release. */
    static void removeUnfinished(Path release) throws IOException {
        delete(unfinished(release));
    }

    private static Path unfinished(Path release) {
        return release.resolve(Sealer.EARLIER).resolve(".unfinished");
    }

    private void copy() throws StageFailure, IOException {
        var unfinished = unfinished(release);
        var sums = sums(release);
        var names = new ArrayList<>(sums.keySet().stream()
                .filter(name -> isPart(name, sums.keySet()))
                .toList());
        if (Files.isDirectory(release.resolve(Sealer.STATEMENTS))) {
            names.addAll(ReleaseFiles.below(release, Sealer.STATEMENTS));
        }
        names.add(ReleaseFiles.CHECKSUMS);
        names.add(ReleaseFiles.CHECKSUMS_SIGNATURE);
        for (var name : names) {
            var copy = unfinished.resolve(name);
            Files.createDirectories(copy.getParent());
            Files.copy(release.resolve(name), copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
        Files.move(unfinished, folder(), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Measures everything and compares it with what this seal says.
     *
     * @param known what was measured before
     * @return what stays, by path below the release
     * @throws StageFailure blaming the FACTORY when something differs, is missing or was added
     */
    Map<String, Measured> check(Map<String, Measured> known) throws StageFailure, IOException {
        var sums = sums(parts());
        var found = new HashMap<String, Measured>();
        for (var sum : sums.entrySet()) {
            var name = sum.getKey();
            boolean part = isPart(name, sums.keySet());
            var file = part ? parts().resolve(name) : release.resolve(name);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw changed(name + " is missing");
            }
            var measured = measurer.measure(file);
            if (!measured.digests().sha256().equals(sum.getValue())
                    || known.containsKey(name) && !measured.equals(known.get(name))) {
                throw changed(name + " has sha256 " + measured.digests().sha256() + " instead of " + sum.getValue());
            }
            if (!part) {
                found.put(name, measured);
            }
        }
        var here = release.relativize(folder()) + "/";
        for (var name : ReleaseFiles.toBeCovered(release)) {
            if (!sums.containsKey(name) && !name.startsWith(here) && !isPart(name, sums.keySet())) {
                throw changed(name + " was added");
            }
        }
        return found;
    }

    /** Detached signatures lie beside files that are listed. */
    private static boolean isPart(String name, Set<String> listed) {
        return PARTS.contains(name)
                || name.startsWith(ReleaseFiles.FILES + "/")
                        && name.endsWith(".asc")
                        && listed.contains(name.substring(0, name.length() - ".asc".length()));
    }

    /** Files that had a signature of their own. */
    List<String> detached() throws StageFailure, IOException {
        var sums = sums(parts());
        return sums.keySet().stream()
                .filter(name -> sums.containsKey(name + ".asc"))
                .sorted()
                .toList();
    }

    private Map<String, String> sums(Path where) throws StageFailure, IOException {
        var file = where.resolve(ReleaseFiles.CHECKSUMS);
        if (!Files.isRegularFile(file)
                || !measurer.measure(file).digests().sha256().equals(checksumsSha256)) {
            throw changed(ReleaseFiles.CHECKSUMS + " is not the one that was signed, sha256 " + checksumsSha256);
        }
        return StandingSeal.parse(Files.readString(file));
    }

    private StageFailure changed(String what) {
        return new StageFailure(
                Blame.FACTORY,
                "release " + release + " is not what was sealed: " + what,
                "Don't sign it: restore the folder from a backup, or build the image again.");
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException failure) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
