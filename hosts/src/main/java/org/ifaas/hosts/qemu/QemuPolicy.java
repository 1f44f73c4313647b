package org.ifaas.hosts.qemu;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.host.HostSize;

/**
 * How virtual machines are run.
 *
 * @param qemu name or path of the program
 * @param sandbox value of QEMU's {@code -sandbox}; empty for a QEMU built without it
 * @param launcher put before the command that starts a machine, such as {@code systemd-run --scope}, so that a restart of
 *     the factory's service does not end its machines; usually empty
 * @param firmware where UEFI firmware may lie; the first pair that exists is taken
 * @param kvmDeadline how long the probe of KVM may take to boot a kernel
 * @param startDeadline how long QEMU may take to start, not the guest in it
 * @param tcgPatience how many times longer a boot may take without KVM
 * @param workArea where the roots of build hosts are unpacked: everybody must be able to pass through it, and 3 GiB must fit
 * @param rootAge how old a prepared root may become before it is made anew
 * @param rootsKept how many prepared roots are kept
 * @param rootLimit how long making one may take
 * @param flavors of test instances, by name: what a definition's {@code tests.flavors} mean on this machine
 */
public record QemuPolicy(
        String qemu,
        String sandbox,
        List<String> launcher,
        List<Ovmf> firmware,
        Duration kvmDeadline,
        Duration startDeadline,
        int tcgPatience,
        Path workArea,
        Duration rootAge,
        int rootsKept,
        Duration rootLimit,
        Map<String, HostSize> flavors) {

    /**
     * UEFI firmware.
     *
     * @param code read-only
     * @param variables what every machine gets a copy of
     */
    public record Ovmf(Path code, Path variables) {
        static Ovmf of(String folder, String code, String variables) {
            return new Ovmf(Path.of(folder, code), Path.of(folder, variables));
        }
    }

    public static QemuPolicy defaults() {
        return new QemuPolicy(
                "qemu-system-x86_64",
                "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
                List.of(),
                List.of(
                        Ovmf.of("/usr/share/OVMF", "OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"),
                        Ovmf.of("/usr/share/OVMF", "OVMF_CODE.fd", "OVMF_VARS.fd"),
                        Ovmf.of("/usr/share/edk2/ovmf", "OVMF_CODE.fd", "OVMF_VARS.fd"),
                        Ovmf.of("/usr/share/qemu", "edk2-x86_64-code.fd", "edk2-i386-vars.fd")),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                12,
                Path.of("/var/tmp"),
                Duration.ofDays(7),
                4,
                Duration.ofMinutes(20),
                Map.of());
    }
}
