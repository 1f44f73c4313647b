package org.ifaas.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Copies the bytes of an image into a region, and reads them back. */
final class StoredBytes {
    private static final long CHUNK = 64L << 20;

    private StoredBytes() {}

    /** How bytes get into the region; a new file that is durable and read-only afterwards. */
    interface Copying {
        void copy(Path from, Path to) throws IOException, InterruptedException;
    }

    /** In the kernel, and without copying at all where the file system can share blocks. */
    static void copy(Path from, Path to) throws IOException, InterruptedException {
        try (var in = FileChannel.open(from, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                var out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long size = in.size();
            for (long at = 0; at < size; ) {
                long copied = in.transferTo(at, Math.min(CHUNK, size - at), out);
                if (copied <= 0) {
                    throw new IOException(from + " became shorter while it was copied");
                }
                at += copied;
            }
            out.force(true);
        } catch (ClosedByInterruptException e) {
            throw interrupted();
        }
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("r--r--r--"));
    }

    /** SHA-512 of what is stored, in hexadecimal. */
    static String sha512(Path file) throws IOException, InterruptedException {
        try (var in = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            var digest = MessageDigest.getInstance("SHA-512");
            var buffer = ByteBuffer.allocate(1 << 20);
            while (in.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (ClosedByInterruptException e) {
            throw interrupted();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InterruptedException interrupted() {
        Thread.interrupted(); // the exception says it from here on
        return new InterruptedException();
    }
}
