package org.ifaas.release.ext;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * An ext2, ext3 or ext4 file system within a disk's bytes, read-only. Every number it reads is checked before use: nothing
 * that a file system says makes this write, loop for ever or read outside its partition. May be used by several threads.
 */
public final class ExtFileSystem {
    private static final int READ_BYTES = 256 * 1024;
    private static final byte[] ZEROS = new byte[READ_BYTES];

    private final FileChannel disk;
    private final long start;
    private final Superblock superblock;

    /**
     * @param start of the partition on the disk, in bytes
     * @param length of the partition, in bytes
     */
    public ExtFileSystem(FileChannel disk, long start, long length) throws IOException {
        this.disk = disk;
        this.start = start;
        this.superblock = Superblock.read(read(Superblock.AT, Superblock.BYTES));
        if (superblock.blocks() * superblock.blockBytes() > length) {
            throw new DamagedFileSystem("it claims more blocks than its partition has");
        }
    }

    /** Whether there is one. */
    public static boolean isThere(FileChannel disk, long start) throws IOException {
        var bytes = ByteBuffer.allocate(Superblock.BYTES);
        return disk.read(bytes, start + Superblock.AT) == Superblock.BYTES && Superblock.isThere(bytes);
    }

    /** Why its files can't be read here; empty when they can. */
    public Optional<String> unreadable() {
        return superblock.unreadable();
    }

    int blockBytes() {
        return superblock.blockBytes();
    }

    long blocks() {
        return superblock.blocks();
    }

    ByteBuffer block(long number) throws IOException {
        if (number <= 0 || number >= blocks()) {
            throw new DamagedFileSystem("block %d is outside of it".formatted(number));
        }
        return read(number * blockBytes(), blockBytes());
    }

    Inode inode(long number) throws IOException {
        if (number < 1 || number > superblock.inodes()) {
            throw new DamagedFileSystem("inode %d is outside of it".formatted(number));
        }
        var group = (number - 1) / superblock.inodesPerGroup();
        var descriptor =
                read(superblock.descriptorsAt() + group * superblock.descriptorBytes(), superblock.descriptorBytes());
        var table = Integer.toUnsignedLong(descriptor.getInt(8));
        if (superblock.descriptorBytes() >= 64) {
            table |= Integer.toUnsignedLong(descriptor.getInt(40)) << 32;
        }
        var at = (number - 1) % superblock.inodesPerGroup() * superblock.inodeBytes();
        var bytes = block(table + at / blockBytes());
        var offset = (int) (at % blockBytes());
        var inode = new Inode(
                number,
                Short.toUnsignedInt(bytes.getShort(offset)),
                Integer.toUnsignedLong(bytes.getInt(offset + 4)) | (long) bytes.getInt(offset + 108) << 32,
                bytes.getInt(offset + 32),
                bytes.slice(offset + 40, 60).order(ByteOrder.LITTLE_ENDIAN));
        inode.checkReadable();
        return inode;
    }

    /** The whole content of a folder. */
    ByteBuffer content(Inode folder) throws IOException {
        if (folder.size() > Math.min(blocks() * blockBytes(), 1 << 30)) {
            throw new DamagedFileSystem("folder %d claims %d bytes".formatted(folder.number(), folder.size()));
        }
        var content = ByteBuffer.allocate((int) folder.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (var run : BlockMap.of(this, folder)) {
            var at = run.logical() * blockBytes();
            var bytes = Math.min(run.blocks() * blockBytes(), folder.size() - at);
            if (bytes > 0) {
                fill(content.slice((int) at, (int) bytes), run.physical() * blockBytes());
            }
        }
        return content;
    }

    /** Gives a file's content to some digests, holes as zeros. */
    void digest(Inode file, List<MessageDigest> digests) throws IOException {
        var at = 0L;
        var buffer = ByteBuffer.allocate(READ_BYTES);
        for (var run : BlockMap.of(this, file)) {
            var from = run.logical() * blockBytes();
            if (from >= file.size()) {
                break; // blocks allocated beyond the end
            }
            zeros(from - at, digests);
            var end = Math.min(from + run.blocks() * blockBytes(), file.size());
            for (at = from; at < end; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(READ_BYTES, end - at));
                fill(buffer, run.physical() * blockBytes() + at - from);
                digests.forEach(digest -> digest.update(buffer.array(), 0, buffer.limit()));
            }
            at = end;
        }
        zeros(file.size() - at, digests);
    }

    private static void zeros(long count, List<MessageDigest> digests) throws IOException {
        for (var left = count; left > 0; left -= READ_BYTES) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted");
            }
            var bytes = (int) Math.min(READ_BYTES, left);
            digests.forEach(digest -> digest.update(ZEROS, 0, bytes));
        }
    }

    private ByteBuffer read(long at, int bytes) throws IOException {
        var buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        fill(buffer, at);
        return buffer;
    }

    private void fill(ByteBuffer buffer, long at) throws IOException {
        var from = buffer.position();
        while (buffer.hasRemaining()) {
            if (disk.read(buffer, start + at + buffer.position() - from) < 0) {
                throw new DamagedFileSystem("the disk ends within it");
            }
        }
        buffer.position(from);
    }
}
