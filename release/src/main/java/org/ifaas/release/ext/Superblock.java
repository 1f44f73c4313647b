package org.ifaas.release.ext;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** What the superblock says of a file system's layout; little-endian, 1024 bytes from its start. */
record Superblock(
        int blockBytes,
        long blocks,
        long inodes,
        long inodesPerGroup,
        int inodeBytes,
        int descriptorBytes,
        int incompatible) {

    static final int AT = 1024;
    static final int BYTES = 1024;
    private static final int MAGIC = 0xEF53;

    private static final int NEEDS_RECOVERY = 0x4;
    private static final int HAS_64_BIT = 0x80;
    /**
     * Filetype, extents, 64 bit, multiple mount protection, flexible groups, big attributes in inodes, checksum seed, large
     * directories, case folding: none of them changes how files are read.
     */
    private static final int READABLE = 0x2 | 0x40 | HAS_64_BIT | 0x100 | 0x200 | 0x400 | 0x2000 | 0x4000 | 0x20000;

    static boolean isThere(ByteBuffer bytes) {
        return Short.toUnsignedInt(bytes.order(ByteOrder.LITTLE_ENDIAN).getShort(56)) == MAGIC;
    }

    static Superblock read(ByteBuffer bytes) throws DamagedFileSystem {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        var incompatible = bytes.getInt(96);
        var has64Bit = (incompatible & HAS_64_BIT) != 0;
        var logBlock = bytes.getInt(24);
        var oldRevision = bytes.getInt(76) == 0;
        var superblock = new Superblock(
                logBlock >= 0 && logBlock <= 6 ? 1024 << logBlock : 0,
                unsigned(bytes, 4) | (has64Bit ? unsigned(bytes, 0x150) << 32 : 0),
                unsigned(bytes, 0),
                unsigned(bytes, 40),
                oldRevision ? 128 : Short.toUnsignedInt(bytes.getShort(88)),
                has64Bit ? Short.toUnsignedInt(bytes.getShort(254)) : 32,
                incompatible);
        superblock.check();
        return superblock;
    }

    /** The group descriptors follow the superblock's block. */
    long descriptorsAt() {
        return ((long) AT / blockBytes + 1) * blockBytes;
    }

    /** Why its files can't be read here; empty when they can. */
    Optional<String> unreadable() {
        if ((incompatible & NEEDS_RECOVERY) != 0) {
            return Optional.of("it was not unmounted: what it holds can't be told before its journal is replayed");
        }
        var unknown = incompatible & ~READABLE;
        return unknown == 0
                ? Optional.empty()
                : Optional.of("it uses features that aren't read here: 0x" + Integer.toHexString(unknown));
    }

    private void check() throws DamagedFileSystem {
        if (blockBytes == 0
                || blocks <= 0
                || blocks > Long.MAX_VALUE / blockBytes
                || inodesPerGroup == 0
                || inodeBytes < 128
                || inodeBytes > blockBytes
                || Integer.bitCount(inodeBytes) != 1
                || descriptorBytes < 32
                || descriptorBytes > blockBytes
                || descriptorBytes % 4 != 0) {
            throw new DamagedFileSystem("its superblock makes no sense: " + this);
        }
    }

    private static long unsigned(ByteBuffer bytes, int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }
}
