package org.ifaas.factory.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a disk is written into a file. */
public enum DiskFormat {
    /** What every build makes. */
    QCOW2,
    /** The disk byte by byte: what stores want that share its blocks with servers, such as Ceph. */
    RAW;

    /** In Glance's {@code disk_format}, and the ending of such a file's name. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<DiskFormat> of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word))
                .findFirst();
    }
}
