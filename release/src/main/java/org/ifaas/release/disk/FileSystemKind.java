package org.ifaas.release.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** What lies in a partition, as far as a magic number tells. */
public enum FileSystemKind {
    XFS("XFSB", 0),
    BTRFS("_BHRfS_M", 65536 + 64),
    SQUASHFS("hsqs", 0),
    LVM("LABELONE", 512),
    SWAP("SWAPSPACE2", 4096 - 10),
    FAT32("FAT32", 82),
    FAT("FAT", 54),
    EXT("\u0053\u00EF", 1024 + 56),
    UNKNOWN("", 0);

    private final String magic;
    private final int at;

    FileSystemKind(String magic, int at) {
        this.magic = magic;
        this.at = at;
    }

    public static FileSystemKind of(FileChannel disk, Partition partition) throws IOException {
        for (var kind : values()) {
            var bytes = ByteBuffer.allocate(kind.magic.length());
            disk.read(bytes, partition.start() + kind.at);
            if (new String(bytes.array(), StandardCharsets.ISO_8859_1).equals(kind.magic)) {
                return kind;
            }
        }
        return UNKNOWN;
    }

    /** Boot loaders, swap: no files that belong to an operating system's root. */
    public boolean mayBeRoot() {
        return this == EXT || this == XFS || this == BTRFS || this == SQUASHFS || this == LVM;
    }
}
