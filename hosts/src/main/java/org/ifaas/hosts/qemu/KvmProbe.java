package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ifaas.hosts.local.Program;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Boots a Linux kernel into user space under KVM, with the very options that machines get. There are hosts where the device
 * opens, virtual machines can be made and ordinary guests then die or hang for ever, so nothing less is believed. The
 * verdict is kept until the machine or its QEMU changes.
 */
public final class KvmProbe implements Accelerators {
    private static final Logger log = LoggerFactory.getLogger(KvmProbe.class);
    private static final Path DEVICE = Path.of("/dev/kvm");

    private final Path folder;
    private final Path device;
    private final Supplier<Optional<Path>> kernel;
    private final QemuPolicy policy;
    private @Nullable Verdict verdict;

    /** @param folder where the verdict is kept
     * @param kernel a bootable Linux kernel; asked only when {@code /dev/kvm} can be opened and no verdict is known */
    public KvmProbe(Path folder, Supplier<Optional<Path>> kernel, QemuPolicy policy) {
        this(folder, DEVICE, kernel, policy);
    }

    KvmProbe(Path folder, Path device, Supplier<Optional<Path>> kernel, QemuPolicy policy) {
        this.folder = folder.toAbsolutePath();
        this.device = device;
        this.kernel = kernel;
        this.policy = policy;
    }

    @Override
    public synchronized Verdict verdict() throws InterruptedException {
        if (verdict == null) {
            verdict = find();
            log.info("{}: {}", verdict.accelerator().detail(), verdict.detail());
        }
        return verdict;
    }

    private Verdict find() throws InterruptedException {
        if (!Files.exists(device)) {
            return tcg("there is no " + device, "Enable virtualisation in the firmware, or nested virtualisation.");
        }
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            return tcg("this user may not open " + device, "Add the user to the group kvm and log in again.");
        }
        try {
            var key = key();
            var kept = kept(key);
            if (kept.isPresent()) {
                return kept.get();
            }
            var image = kernel.get();
            if (image.isEmpty()) {
                return tcg(
                        device + " could not be tried: no Linux kernel to boot was found",
                        "Install a kernel package, such as linux-image-cloud-amd64, so that KVM can be tried.");
            }
            var found = boot(image.get());
            keep(key, found);
            return found;
        } catch (IOException e) {
            return tcg(
                    device + " could not be tried: " + e.getMessage(),
                    "See to it that QEMU and the folder can be used.");
        }
    }

    private Verdict boot(Path image) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var initramfs = Files.createTempFile(folder, "probe", ".cpio");
        try {
            Files.write(initramfs, ProbeGuest.initramfs());
            var said = boot(policy, Accelerator.KVM, image, initramfs);
            return said.contains(ProbeGuest.GREETING.strip())
                    ? new Verdict(Accelerator.KVM, "a kernel booted in KVM", "")
                    : tcg(
                            device + " opens, but a kernel did not boot in it" + because(said),
                            (said.contains(" took longer than ")
                                            ? "Where the machine is only slow, raise hosts.qemu.kvm_deadline. Else run"
                                            : "Run")
                                    + " the factory where virtualisation works whole; until then machines are emulated,"
                                    + " slowly.");
        } finally {
            Files.deleteIfExists(initramfs);
        }
    }

    /** What such a guest and QEMU say. */
    static String boot(QemuPolicy policy, Accelerator accelerator, Path image, Path initramfs)
            throws InterruptedException {
        var argv = new ArrayList<>(List.of(policy.qemu(), "-no-user-config", "-nodefaults", "-display", "none"));
        argv.addAll(List.of("-machine", "q35", "-smp", "2", "-m", "256", "-no-reboot", "-serial", "stdio"));
        argv.addAll(accelerator.arguments());
        argv.addAll(List.of("-kernel", image.toString(), "-initrd", initramfs.toString()));
        argv.addAll(List.of("-append", "console=ttyS0 quiet panic=-1"));
        try {
            return Program.of(argv).limit(policy.kvmDeadline()).run().output();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String because(String said) {
        var lines =
                said.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return lines.isEmpty() ? "" : ": " + lines.getFirst();
    }

    private static Verdict tcg(String detail, String mend) {
        return new Verdict(Accelerator.TCG, detail, mend);
    }

    /** What the verdict depends on: this start of the machine, its kernel, its QEMU and how long it may take. */
    private String key() throws IOException, InterruptedException {
        var version = Program.of(policy.qemu(), "--version")
                .read(4096)
                .lines()
                .findFirst()
                .orElse("");
        return "%s | %s | %s | %s"
                .formatted(
                        Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                        Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                                .strip(),
                        version,
                        policy.kvmDeadline());
    }

    private Optional<Verdict> kept(String key) throws IOException {
        var file = folder.resolve("kvm");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var lines = Files.readAllLines(file);
        return lines.size() == 4 && lines.getFirst().equals(key)
                ? Optional.of(new Verdict(Accelerator.valueOf(lines.get(1)), lines.get(2), lines.get(3)))
                : Optional.empty();
    }

    private void keep(String key, Verdict found) throws IOException {
        var part = Files.createTempFile(folder, "kvm", ".part");
        Files.write(part, List.of(key, found.accelerator().name(), found.detail(), found.mend()));
        Files.move(part, folder.resolve("kvm"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
