package org.ifaas.release.qcow2;

import java.nio.ByteBuffer;

/** The header of a qcow2 file, versions 2 and 3. All numbers are big-endian and unsigned. */
final class Qcow2Header {
    private static final int MAGIC = 0x514649fb;
    private static final int VERSION_2_BYTES = 72;
    private static final int VERSION_3_BYTES = 104;
    private static final int MOST_L1_BYTES = 32 << 20;
    private static final int MOST_REFCOUNT_TABLE_BYTES = 8 << 20;

    private static final long DIRTY = 1;
    private static final long CORRUPT = 2;
    private static final long EXTERNAL_DATA = 4;
    private static final long COMPRESSION_TYPE = 8;
    private static final long EXTENDED_L2 = 16;
    private static final long RAW_EXTERNAL_DATA = 2;

    private static final int END = 0;
    private static final int BACKING_FORMAT = 0xe2792aca;
    private static final int EXTERNAL_DATA_NAME = 0x44415441;
    private static final int ENCRYPTION = 0x0537be77;

    private final ByteBuffer start;
    private final long fileBytes;

    /** @param start of the file, as much as there is of it up to some limit */
    Qcow2Header(ByteBuffer start, long fileBytes) {
        this.start = start;
        this.fileBytes = fileBytes;
    }

    long virtualBytes() {
        return start.getLong(24);
    }

    void check() throws NotAllowed {
        refuse(start.limit() < VERSION_2_BYTES || start.getInt(0) != MAGIC, "is no qcow2 file");
        var version = start.getInt(4);
        refuse(version != 2 && version != 3, "has the unknown qcow2 version " + Integer.toUnsignedString(version));
        refuse(version == 3 && start.limit() < VERSION_3_BYTES, "ends within its header");
        refuse(start.getLong(8) != 0 || start.getInt(16) != 0, "has a backing file");
        refuse(start.getInt(32) != 0, "is encrypted");
        refuse(start.getInt(20) < 9 || start.getInt(20) > 21, "has clusters of 2^" + start.getInt(20) + " bytes");
        refuse(virtualBytes() <= 0, "claims a virtual size of " + Long.toUnsignedString(virtualBytes()) + " bytes");
        refuse(start.getInt(60) != 0, "holds internal snapshots");
        if (version == 3) {
            checkFeatures();
        }
        checkTables();
        checkExtensions(version == 2 ? VERSION_2_BYTES : start.getInt(100));
    }

    private void checkFeatures() throws NotAllowed {
        var incompatible = start.getLong(72);
        refuse((incompatible & DIRTY) != 0, "was not closed by its writer (dirty)");
        refuse((incompatible & CORRUPT) != 0, "is marked corrupt");
        refuse((incompatible & EXTERNAL_DATA) != 0, "keeps its data in another file");
        var unknown = incompatible & ~(COMPRESSION_TYPE | EXTENDED_L2);
        refuse(unknown != 0, "needs unknown features: 0x" + Long.toHexString(unknown));
        refuse((start.getLong(88) & RAW_EXTERNAL_DATA) != 0, "keeps its data in another file");
        refuse(Integer.compareUnsigned(start.getInt(96), 6) > 0, "has reference counts of an unknown width");
        var length = start.getInt(100);
        refuse(
                length < VERSION_3_BYTES || length % 8 != 0 || length > Math.min(clusterBytes(), start.limit()),
                "has a header of " + Integer.toUnsignedString(length) + " bytes");
        var compression = length > VERSION_3_BYTES ? start.get(104) : 0;
        refuse(compression != 0 && compression != 1, "is compressed in an unknown way: " + compression);
        refuse((compression != 0) != ((incompatible & COMPRESSION_TYPE) != 0), "contradicts itself about compression");
    }

    private void checkTables() throws NotAllowed {
        var l1Bytes = Integer.toUnsignedLong(start.getInt(36)) * 8;
        refuse(
                l1Bytes / 8 < l1Needed(),
                "claims a virtual size of " + virtualBytes() + " bytes that its tables can't hold");
        refuse(l1Bytes > MOST_L1_BYTES, "has a first-level table of " + l1Bytes + " bytes");
        checkTable("first-level table", l1Offset(), l1Bytes);
        var refcountBytes = Integer.toUnsignedLong(start.getInt(56)) * clusterBytes();
        refuse(
                refcountBytes == 0 || refcountBytes > MOST_REFCOUNT_TABLE_BYTES,
                "has a reference count table of " + refcountBytes + " bytes");
        checkTable("reference count table", start.getLong(48), refcountBytes);
    }

    private void checkTable(String table, long offset, long bytes) throws NotAllowed {
        refuse(offset < clusterBytes() || offset % clusterBytes() != 0, "has its " + table + " at " + offset);
        refuse(offset > fileBytes - bytes, "is cut off: its " + table + " lies beyond its end");
    }

    private void checkExtensions(long at) throws NotAllowed {
        var end = Math.min(clusterBytes(), start.limit());
        while (at + 8 <= end) {
            var type = start.getInt((int) at);
            var length = Integer.toUnsignedLong(start.getInt((int) at + 4));
            switch (type) {
                case END -> {
                    return;
                }
                case BACKING_FORMAT -> throw new NotAllowed("names the format of a backing file");
                case EXTERNAL_DATA_NAME -> throw new NotAllowed("names an external data file");
                case ENCRYPTION -> throw new NotAllowed("is encrypted");
                default -> at += 8 + (length + 7) / 8 * 8;
            }
        }
        refuse(at > end, "has a header extension that is too long");
    }

    long clusterBytes() {
        return 1L << start.getInt(20);
    }

    long l1Offset() {
        return start.getLong(40);
    }

    /** How many entries of the first-level table its virtual size takes. */
    long l1Needed() {
        return (virtualBytes() - 1) / (clusterBytes() * (clusterBytes() / l2EntryBytes())) + 1;
    }

    int l2EntryBytes() {
        return start.getInt(4) == 3 && (start.getLong(72) & EXTENDED_L2) != 0 ? 16 : 8;
    }

    /** Of the bits that hold the offset in an entry for a compressed cluster. */
    long compressedOffsetMask() {
        return (1L << (62 - (start.getInt(20) - 8))) - 1;
    }

    private static void refuse(boolean when, String why) throws NotAllowed {
        if (when) {
            throw new NotAllowed(why);
        }
    }
}
