package org.ifaas.hosts.qemu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A NoCloud seed: an ISO 9660 image with the label {@code cidata} and a few files in its root, by their own names in Joliet
 * and by capital ones in plain ISO 9660. Written here, as it is a handful of sectors, so that no program is needed for it.
 */
final class SeedImage {
    private static final int SECTOR = 2048;

    /** busybox reads 68 KiB before it believes that a device holds a file system. */
    private static final int LEAST_SECTORS = 64;
    /** System area 0-15, two volume descriptors and the terminator, two path tables in both byte orders, two folders. */
    private static final int PATH_TABLES = 19;

    private static final int PLAIN_FOLDER = 23;
    private static final int JOLIET_FOLDER = 24;
    private static final int FIRST_FILE = 25;
    private static final int PATH_TABLE_SIZE = 10;
    private static final String LABEL = "cidata";

    private SeedImage() {}

    /** @param files contents by name; all of their directory records must fit one sector */
    static byte[] of(Map<String, byte[]> files) {
        var sorted = new TreeMap<>(files);
        int sectors = FIRST_FILE;
        for (var content : sorted.values()) {
            sectors += sectors(content.length);
        }
        var image = ByteBuffer.allocate(Math.max(sectors, LEAST_SECTORS) * SECTOR);
        volume(image, 16, 1, sectors, PLAIN_FOLDER, PATH_TABLES, StandardCharsets.US_ASCII);
        volume(image, 17, 2, sectors, JOLIET_FOLDER, PATH_TABLES + 2, StandardCharsets.UTF_16BE);
        image.position(18 * SECTOR).put((byte) 255).put(ascii("CD001")).put((byte) 1);

        var plain = new ArrayList<byte[]>();
        var joliet = new ArrayList<byte[]>();
        int at = FIRST_FILE;
        for (var file : sorted.entrySet()) {
            int size = file.getValue().length;
            plain.add(entry(ascii(file.getKey().toUpperCase(Locale.ROOT) + ".;1"), at, size, 0));
            joliet.add(entry((file.getKey() + ";1").getBytes(StandardCharsets.UTF_16BE), at, size, 0));
            image.position(at * SECTOR).put(file.getValue());
            at += sectors(size);
        }
        folder(image, PLAIN_FOLDER, plain);
        folder(image, JOLIET_FOLDER, joliet);
        return image.array();
    }

    private static void volume(
            ByteBuffer image, int sector, int type, int sectors, int folder, int pathTable, Charset charset) {
        int start = sector * SECTOR;
        image.position(start).put((byte) type).put(ascii("CD001")).put((byte) 1);
        blank(image, start + 8, 32, charset, "");
        blank(image, start + 40, 32, charset, LABEL);
        both(image, start + 80, sectors);
        if (type == 2) {
            image.position(start + 88).put(new byte[] {0x25, 0x2f, 0x45}); // Joliet, level 3
        }
        bothShort(image, start + 120, 1);
        bothShort(image, start + 124, 1);
        bothShort(image, start + 128, SECTOR);
        both(image, start + 132, PATH_TABLE_SIZE);
        image.order(ByteOrder.LITTLE_ENDIAN).putInt(start + 140, pathTable);
        image.order(ByteOrder.BIG_ENDIAN).putInt(start + 148, pathTable + 1);
        image.position(start + 156).put(entry(new byte[1], folder, SECTOR, 2));
        blank(image, start + 190, 128 * 4 + 37 * 3, charset, "");
        for (int date = start + 813; date < start + 881; date += 17) {
            image.position(date).put(ascii("0000000000000000"));
        }
        image.put(start + 881, (byte) 1);
        pathTable(image, pathTable, folder, ByteOrder.LITTLE_ENDIAN);
        pathTable(image, pathTable + 1, folder, ByteOrder.BIG_ENDIAN);
    }

    private static void pathTable(ByteBuffer image, int sector, int folder, ByteOrder order) {
        image.order(order).position(sector * SECTOR);
        image.put((byte) 1).put((byte) 0).putInt(folder).putShort((short) 1);
    }

    private static void folder(ByteBuffer image, int sector, List<byte[]> entries) {
        image.position(sector * SECTOR);
        image.put(entry(new byte[] {0}, sector, SECTOR, 2)).put(entry(new byte[] {1}, sector, SECTOR, 2));
        entries.forEach(image::put);
    }

    private static byte[] entry(byte[] name, int sector, int size, int flags) {
        int length = (33 + name.length + 1) / 2 * 2;
        var entry = ByteBuffer.allocate(length).put((byte) length);
        both(entry, 2, sector);
        both(entry, 10, size);
        entry.position(18).put(new byte[] {70, 1, 1, 0, 0, 0, 0}).put((byte) flags); // 1970-01-01
        bothShort(entry, 28, 1);
        return entry.position(32).put((byte) name.length).put(name).array();
    }

    private static void blank(ByteBuffer image, int at, int length, Charset charset, String text) {
        var blank = text + " ".repeat(length);
        image.position(at).put(blank.getBytes(charset), 0, length);
    }

    private static void both(ByteBuffer to, int at, int value) {
        to.order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        to.order(ByteOrder.BIG_ENDIAN).putInt(at + 4, value);
    }

    private static void bothShort(ByteBuffer to, int at, int value) {
        to.order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) value);
        to.order(ByteOrder.BIG_ENDIAN).putShort(at + 2, (short) value);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static int sectors(int size) {
        return Math.max(1, (size + SECTOR - 1) / SECTOR);
    }
}
