package org.ifaas.release.file;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** Writes small files so that they appear whole or not at all, and are on the disk when it returns. */
public final class WholeFile {
    private WholeFile() {}

    /** Replaces what is there; readable by all. */
    public static void write(Path file, byte[] content) throws IOException {
        var part = part(file, content, "rw-r--r--");
        try {
            Files.move(part, file, ATOMIC_MOVE);
            forceFolder(file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    public static void write(Path file, String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Mode 0600 from the first moment on.
     *
     * @return false when there is such a file already, which stays as it is
     */
    public static boolean createPrivate(Path file, byte[] content) throws IOException {
        var part = part(file, content, "rw-------");
        try {
            Files.createLink(file, part);
            forceFolder(file);
            return true;
        } catch (FileAlreadyExistsException somebodyWasFaster) {
            return false;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Path part(Path file, byte[] content, String mode) throws IOException {
        var part = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
        try (var channel = FileChannel.open(part, Set.of(WRITE, CREATE_NEW), permissions)) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            return part;
        } catch (IOException failed) {
            Files.deleteIfExists(part);
            throw failed;
        }
    }

    private static void forceFolder(Path file) throws IOException {
        try (var folder = FileChannel.open(file.toAbsolutePath().getParent())) {
            folder.force(true);
        }
    }
}
