package org.ifaas.release.ext;

import java.nio.ByteBuffer;

/**
 * @param size in bytes
 * @param blockMap 60 bytes: the root of the extent tree, or block numbers
 */
record Inode(long number, int mode, long size, int flags, ByteBuffer blockMap) {
    static final long ROOT = 2;
    private static final int EXTENTS = 0x80000;
    private static final int ENCRYPTED = 0x800;
    private static final int INLINE_DATA = 0x10000000;

    boolean isFile() {
        return (mode & 0xF000) == 0x8000;
    }

    boolean isFolder() {
        return (mode & 0xF000) == 0x4000;
    }

    boolean hasExtents() {
        return (flags & EXTENTS) != 0;
    }

    void checkReadable() throws DamagedFileSystem {
        if ((flags & (ENCRYPTED | INLINE_DATA)) != 0) {
            throw new DamagedFileSystem(
                    "inode %d has flags that its superblock doesn't allow: 0x%x".formatted(number, flags));
        }
        if (size < 0) {
            throw new DamagedFileSystem("inode %d claims a negative size".formatted(number));
        }
    }
}
