package org.ifaas.hosts.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KvmProbeTest {
    @TempDir
    Path scratch;

    private Path device;
    private Path kernel;

    @BeforeEach
    void files() throws Exception {
        device = Files.createFile(scratch.resolve("kvm-device"));
        kernel = Files.createFile(scratch.resolve("vmlinuz"));
    }

    @Test
    void withoutTheDeviceThereIsNoKvmAndNoKernelIsLookedFor() throws Exception {
        Supplier<Optional<Path>> never = () -> {
            throw new AssertionError("asked for a kernel");
        };

        var verdict = new KvmProbe(scratch, scratch.resolve("none"), never, QemuPolicy.defaults()).verdict();

        assertThat(verdict.accelerator()).isEqualTo(Accelerator.TCG);
        assertThat(verdict.mend()).contains("in the firmware");
    }

    @Test
    void withoutAKernelTheDeviceIsNotBelieved() throws Exception {
        var probe = new KvmProbe(scratch, device, Optional::empty, policy("exit 1"));

        assertThat(probe.verdict().accelerator()).isEqualTo(Accelerator.TCG);
        assertThat(probe.verdict().detail()).contains("no Linux kernel");
    }

    @Test
    void aKernelThatReachesUserSpaceMeansKvm() throws Exception {
        var verdict = probe("echo '" + ProbeGuest.GREETING.strip() + "'").verdict();

        assertThat(verdict.accelerator()).isEqualTo(Accelerator.KVM);
    }

    @Test
    void aQemuThatDiesMeansTcgAndItsWordsAreKept() throws Exception {
        var verdict = probe("echo 'failed to set MSR'; exit 134").verdict();

        assertThat(verdict.accelerator()).isEqualTo(Accelerator.TCG);
        assertThat(verdict.detail()).contains("failed to set MSR");
        assertThat(verdict.mend()).contains("where virtualisation works whole").doesNotContain("kvm_deadline");
    }

    @Test
    void aGuestThatHangsMeansTcgWhenTheDeadlineIsOver() throws Exception {
        var verdict = probe("exec sleep 600").verdict();

        assertThat(verdict.accelerator()).isEqualTo(Accelerator.TCG);
        assertThat(verdict.detail()).contains("took longer");
        assertThat(verdict.mend()).contains("hosts.qemu.kvm_deadline");
    }

    @Test
    void theVerdictIsKeptForTheNextFactory() throws Exception {
        var first = probe("echo '" + ProbeGuest.GREETING.strip() + "'").verdict();
        Supplier<Optional<Path>> never = () -> {
            throw new AssertionError("probed again");
        };

        var second = new KvmProbe(scratch.resolve("cache"), device, never, policy("exit 1")).verdict();

        assertThat(second.accelerator()).isEqualTo(first.accelerator());
    }

    @Test
    void aVerdictIsNotThatOfAnotherDeadline() throws Exception {
        var first = probe("exec sleep 600").verdict();
        policy("echo '" + ProbeGuest.GREETING.strip() + "'");
        var patient = Policies.qemu(scratch.resolve("qemu").toString(), 60);

        var second = new KvmProbe(scratch.resolve("cache"), device, () -> Optional.of(kernel), patient).verdict();

        assertThat(first.accelerator()).isEqualTo(Accelerator.TCG);
        assertThat(second.accelerator()).isEqualTo(Accelerator.KVM);
    }

    @Test
    void aDeviceThatMayNotBeOpenedIsMendedByTheGroup() throws Exception {
        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(device)).as("root may open all").isFalse();

        assertThat(probe("exit 1").verdict().mend()).contains("group kvm");
    }

    private KvmProbe probe(String qemu) throws Exception {
        return new KvmProbe(scratch.resolve("cache"), device, () -> Optional.of(kernel), policy(qemu));
    }

    /** A program in QEMU's place that has a version and does this when it is to boot. */
    private QemuPolicy policy(String does) throws Exception {
        var program = scratch.resolve("qemu");
        Files.writeString(program, "#!/bin/sh\n[ \"$1\" = --version ] && { echo version 1; exit; }\n" + does + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return Policies.qemu(program.toString());
    }
}
