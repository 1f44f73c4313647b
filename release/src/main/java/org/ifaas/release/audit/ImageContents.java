package org.ifaas.release.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.release.disk.FileSystemKind;
import org.ifaas.release.disk.Partition;
import org.ifaas.release.disk.PartitionTable;
import org.ifaas.release.ext.DamagedFileSystem;
import org.ifaas.release.ext.ExtDigests;
import org.ifaas.release.ext.ExtFileSystem;
import org.ifaas.release.ext.ExtTree;
import org.ifaas.release.program.Program;

/**
 * The files in the root file system of an image. The image comes from a hostile host: nothing of it is mounted or written to
 * the factory's file system under a name of its own; its bytes are read by code that checks every number.
 */
final class ImageContents {
    /** Sparse files may claim more than the disk has, up to this many times its size. */
    private static final int MOST_SPARSE = 4;

    private final Path image;
    private final Path temporary;
    private final StageLog log;

    ImageContents(Path image, Path temporary, StageLog log) {
        this.image = image;
        this.temporary = temporary;
        this.log = log;
    }

    long audit(Path auditSet) throws StageFailure, IOException, InterruptedException {
        var raw = temporary.resolve("disk.raw").toAbsolutePath();
        try {
            convert(raw);
            try (var disk = FileChannel.open(raw)) {
                var root = root(disk);
                return root.isPresent() ? list(root.get(), disk.size(), auditSet) : -1;
            }
        } catch (DamagedFileSystem damaged) {
            throw new StageFailure(
                    Blame.IMAGE,
                    "the file system of %s is damaged: %s".formatted(image.getFileName(), damaged.getMessage()),
                    "run e2fsck on a copy of the image, and look at the end of the builder's log",
                    damaged);
        } finally {
            Files.deleteIfExists(raw);
        }
    }

    private void convert(Path raw) throws StageFailure, IOException, InterruptedException {
        var ended = Program.run(
                temporary,
                Map.of(),
                List.of(
                        "qemu-img",
                        "convert",
                        "-f",
                        "qcow2",
                        "-O",
                        "raw",
                        "-W",
                        "-m",
                        "4",
                        "--",
                        image.toAbsolutePath().toString(),
                        raw.toString()));
        if (!ended.well()) {
            throw new StageFailure(
                    ended.errors().contains("No space left") ? Blame.FACTORY : Blame.IMAGE,
                    "qemu-img can't read %s: %s".formatted(image.getFileName(), ended.text()),
                    "check the free space in %s, and the image by qemu-img check".formatted(temporary));
        }
    }

    /** The file system that has a folder {@code etc}, or else the only one. */
    private Optional<ExtFileSystem> root(FileChannel disk) throws IOException {
        var partitions = PartitionTable.of(disk);
        var readable = new ArrayList<ExtFileSystem>();
        var roots = new ArrayList<ExtFileSystem>();
        var others = 0;
        for (var partition : partitions.isEmpty() ? List.of(new Partition(0, 0, disk.size())) : partitions) {
            var kind = FileSystemKind.of(disk, partition);
            if (kind != FileSystemKind.EXT) {
                log.line("%s (%s) is not listed", partition, kind.name().toLowerCase(Locale.ROOT));
                others += kind.mayBeRoot() ? 1 : 0;
                continue;
            }
            var fileSystem = new ExtFileSystem(disk, partition.start(), partition.length());
            var unreadable = fileSystem.unreadable();
            if (unreadable.isPresent()) {
                log.line("%s (ext) is not listed: %s", partition, unreadable.get());
                others++;
            } else if (roots.isEmpty() && ExtTree.rootHasFolder(fileSystem, "etc")) {
                log.line("%s (ext) is the root", partition);
                roots.add(fileSystem);
            } else {
                log.line("%s (ext) is no root", partition);
                readable.add(fileSystem);
            }
        }
        if (!roots.isEmpty() || (readable.size() == 1 && others == 0)) {
            return Optional.of(roots.isEmpty() ? readable.getFirst() : roots.getFirst());
        }
        log.line("no root file system that can be read here: no audit set of what is inside the image");
        return Optional.empty();
    }

    private long list(ExtFileSystem root, long diskBytes, Path auditSet) throws IOException, InterruptedException {
        var tree = ExtTree.of(root);
        var digests = ExtDigests.of(root, tree, diskBytes * MOST_SPARSE);
        var entries = new ArrayList<AuditSet.Entry>();
        var left = 0;
        for (var name : tree.names()) {
            var digested = digests.get(name.inode());
            if (digested != null && AuditSet.canList(name.path())) {
                entries.add(new AuditSet.Entry(digested.size(), digested.md5(), digested.sha256(), "./" + name.path()));
            } else {
                left++;
            }
        }
        entries.sort(Comparator.comparing(AuditSet.Entry::name));
        var comments = new ArrayList<>(List.of(
                "Every plain file in the root file system of " + image.getFileName(),
                "Check it where the image is mounted: hashdeep -r -l -o f -a -k THIS-FILE ."));
        if (left > 0) {
            comments.add(left + " names with a line break are not listed: hashdeep can't read them back");
            log.line("%d names with a line break are not listed", left);
        }
        AuditSet.write(auditSet, comments, entries);
        return entries.size();
    }
}
