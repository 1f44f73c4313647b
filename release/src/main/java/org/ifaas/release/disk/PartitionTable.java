package org.ifaas.release.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** Reads GPT and MBR partition tables (sectors of 512 bytes, as virtual disks have them). Broken entries are left out. */
public final class PartitionTable {
    private static final int SECTOR = 512;
    private static final long GPT_MAGIC = 0x5452415020494645L; // "EFI PART"
    private static final int MOST_ENTRIES = 128;
    private static final int MOST_LOGICAL = 64;

    private final FileChannel disk;
    private final long size;
    private final List<Partition> found = new ArrayList<>();

    private PartitionTable(FileChannel disk) throws IOException {
        this.disk = disk;
        this.size = disk.size();
    }

    /** Empty when there is no table. */
    public static List<Partition> of(FileChannel disk) throws IOException {
        var table = new PartitionTable(disk);
        var mbr = table.read(0, SECTOR);
        if (mbr.getShort(510) != (short) 0xAA55) {
            return List.of();
        }
        var gpt = table.read(SECTOR, SECTOR);
        if (gpt.getLong(0) == GPT_MAGIC) {
            table.gpt(gpt);
        } else {
            table.mbr(mbr);
        }
        return table.found;
    }

    private void gpt(ByteBuffer header) throws IOException {
        var at = header.getLong(72) * SECTOR;
        var entryBytes = header.getInt(84);
        var entries = Math.min(header.getInt(80), MOST_ENTRIES);
        if (entryBytes < 128 || entryBytes > 4096) {
            return;
        }
        for (var i = 0; i < entries; i++) {
            var entry = read(at + (long) i * entryBytes, 128);
            if (entry.getLong(0) != 0 || entry.getLong(8) != 0) {
                add(i + 1, entry.getLong(32), entry.getLong(40) - entry.getLong(32) + 1);
            }
        }
    }

    private void mbr(ByteBuffer mbr) throws IOException {
        for (var i = 0; i < 4; i++) {
            var type = Byte.toUnsignedInt(mbr.get(446 + 16 * i + 4));
            var start = Integer.toUnsignedLong(mbr.getInt(446 + 16 * i + 8));
            if (isExtended(type)) {
                logical(start);
            } else if (type != 0) {
                add(i + 1, start, Integer.toUnsignedLong(mbr.getInt(446 + 16 * i + 12)));
            }
        }
    }

    /** A chain of tables of one partition each; a loop in it ends at the limit. */
    private void logical(long extendedStart) throws IOException {
        var table = extendedStart;
        for (var i = 0; i < MOST_LOGICAL; i++) {
            var sector = read(table * SECTOR, SECTOR);
            if (sector.getShort(510) != (short) 0xAA55) {
                return;
            }
            if (sector.get(446 + 4) != 0) {
                add(
                        5 + i,
                        table + Integer.toUnsignedLong(sector.getInt(446 + 8)),
                        Integer.toUnsignedLong(sector.getInt(446 + 12)));
            }
            if (!isExtended(Byte.toUnsignedInt(sector.get(462 + 4)))) {
                return;
            }
            table = extendedStart + Integer.toUnsignedLong(sector.getInt(462 + 8));
        }
    }

    private static boolean isExtended(int type) {
        return type == 0x05 || type == 0x0F || type == 0x85;
    }

    private void add(int number, long startSector, long sectors) {
        var most = size / SECTOR;
        if (startSector > 0 && sectors > 0 && startSector < most && sectors <= most - startSector) {
            found.add(new Partition(number, startSector * SECTOR, sectors * SECTOR));
        }
    }

    /** Zeros where the disk has ended. */
    private ByteBuffer read(long at, int bytes) throws IOException {
        var buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (at >= 0 && at < size) {
            while (buffer.hasRemaining() && disk.read(buffer, at + buffer.position()) >= 0) {}
        }
        return buffer.rewind();
    }
}
