package org.ifaas.hosts.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.factory.image.DiskFormat;

/**
 * QEMU's command line for a machine in its folder. Every block device names its driver, and its backing by node, so that
 * QEMU guesses no format and follows no name that stands in an image.
 */
final class QemuArguments {
    /** The guest's address in QEMU's own network; the network outside QEMU is slirp4netns' 10.0.2.0/24. */
    static final String GUEST_ADDRESS = "10.0.3.15";
    /** Where QEMU listens for SSH inside its network namespace. */
    static final int SSH_PORT = 2222;

    static final String NAMESPACE_ADDRESS = "10.0.2.100";
    static final String FACTORY_ADDRESS = "10.0.2.2";

    private QemuArguments() {}

    static List<String> of(Machine machine, Path folder, Accelerator accelerator, QemuPolicy policy) {
        var argv = new ArrayList<String>();
        argv.addAll(List.of(policy.qemu(), "-name", machine.name(), "-no-user-config", "-nodefaults"));
        if (!policy.sandbox().isEmpty()) {
            argv.addAll(List.of("-sandbox", policy.sandbox()));
        }
        var uefi = machine.boot() instanceof Machine.FromDisk(var ovmf) && ovmf != null;
        argv.addAll(List.of("-machine", uefi ? "q35,vmport=off,pflash0=code,pflash1=variables" : "q35,vmport=off"));
        argv.addAll(accelerator.arguments());
        argv.addAll(List.of("-smp", String.valueOf(machine.size().cpus())));
        argv.addAll(List.of("-m", machine.size().memoryMiB() + "M"));
        argv.addAll(
                List.of("-display", "none", "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"));
        argv.addAll(List.of("-qmp", "unix:qmp,server=on,wait=off"));
        argv.addAll(List.of("-device", "virtio-rng-pci"));
        argv.addAll(List.of(
                "-netdev",
                "user,id=net,ipv6=off,net=10.0.3.0/24,hostfwd=tcp:%s:%d-%s:22"
                        .formatted(NAMESPACE_ADDRESS, SSH_PORT, GUEST_ADDRESS)));
        argv.addAll(List.of("-device", "virtio-net-pci,netdev=net,romfile="));
        firmware(argv, machine.boot(), folder);
        disks(argv, machine, folder, machine.boot() instanceof Machine.FromDisk ? ",bootindex=0" : "");
        return argv;
    }

    private static void firmware(List<String> argv, Machine.Boot boot, Path folder) {
        switch (boot) {
            case Machine.FromDisk(var uefi)
            when uefi != null -> {
                block(argv, file("code-file", uefi.code(), true));
                block(argv, Map.of("node-name", "code", "driver", "raw", "read-only", true, "file", "code-file"));
                block(argv, file("variables-file", folder.resolve("variables.fd"), false));
                block(argv, Map.of("node-name", "variables", "driver", "raw", "file", "variables-file"));
            }
            case Machine.FromDisk _ -> {}
            case Machine.Kernel(var kernel, var initrd, var commandLine) ->
                argv.addAll(
                        List.of("-kernel", kernel.toString(), "-initrd", initrd.toString(), "-append", commandLine));
        }
    }

    private static void disks(List<String> argv, Machine machine, Path folder, String order) {
        block(argv, file("base-file", machine.base(), true));
        var base = new TreeMap<String, Object>(Map.of(
                "node-name", "base", "driver", machine.baseFormat().word(), "read-only", true, "file", "base-file"));
        if (machine.baseFormat() == DiskFormat.QCOW2) {
            base.put("backing", Json.NULL);
        }
        block(argv, base);
        block(argv, file("disk-file", folder.resolve("disk.qcow2"), false));
        block(
                argv,
                Map.of(
                        "node-name",
                        "disk",
                        "driver",
                        "qcow2",
                        "file",
                        "disk-file",
                        "backing",
                        "base",
                        "discard",
                        "unmap"));
        argv.addAll(List.of("-device", "virtio-blk-pci,drive=disk,werror=report,rerror=report" + order));
        block(argv, file("seed-file", folder.resolve("seed.iso"), true));
        block(argv, Map.of("node-name", "seed", "driver", "raw", "read-only", true, "file", "seed-file"));
        argv.addAll(List.of("-device", "virtio-blk-pci,drive=seed"));
    }

    /** The machine goes when anything does, so nothing waits for the disk. */
    private static Map<String, Object> file(String node, Path file, boolean readOnly) {
        return Map.of(
                "node-name",
                node,
                "driver",
                "file",
                "filename",
                file.toString(),
                "read-only",
                readOnly,
                "auto-read-only",
                false,
                "discard",
                "unmap",
                "cache",
                Map.of("direct", false, "no-flush", true));
    }

    private static void block(List<String> argv, Map<String, Object> device) {
        argv.add("-blockdev");
        argv.add(Json.of(device));
    }
}
