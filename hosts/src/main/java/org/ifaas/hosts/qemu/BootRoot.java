package org.ifaas.hosts.qemu;

import java.nio.file.Path;

/**
 * The prepared root of a build host, booted without a boot loader.
 *
 * @param disk qcow2 of an ext4 file system without a partition table
 */
record BootRoot(Path disk, Path kernel, Path initrd) {
    static final String DISK = "disk.qcow2";

    static BootRoot in(Path folder) {
        return new BootRoot(folder.resolve(DISK), folder.resolve("kernel"), folder.resolve("initrd"));
    }
}
