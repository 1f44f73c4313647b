package org.ifaas.hosts.qemu;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.image.DiskFormat;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine to be started.
 *
 * @param base the file that its disk starts from and that is never written to; an absolute path
 * @param diskBytes size of the disk that it sees
 * @param seed files of its NoCloud seed
 * @param ports ports of the factory's loopback that it may reach
 */
record Machine(
        String name,
        HostSize size,
        Path base,
        DiskFormat baseFormat,
        long diskBytes,
        Boot boot,
        Map<String, byte[]> seed,
        List<Integer> ports) {

    /** How it finds its kernel. */
    sealed interface Boot {}

    /** From its disk.
     *
     * @param uefi UEFI firmware; null for a BIOS */
    record FromDisk(QemuPolicy.@Nullable Ovmf uefi) implements Boot {}

    record Kernel(Path kernel, Path initrd, String commandLine) implements Boot {}
}
