package org.ifaas.hosts.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ProbeGuestTest {
    @TempDir
    Path scratch;

    @Test
    void aRealKernelRunsTheGuestOfTheProbeAndGoesOff() throws Exception {
        var kernel = new ProbeKernel(Path.of("target/kernel"), List.of(Path.of("/boot"))).get();
        var initramfs = Files.write(scratch.resolve("initramfs"), ProbeGuest.initramfs());
        var patient = Policies.kvmDeadline(120);

        var said = KvmProbe.boot(patient, Accelerator.TCG, kernel.orElseThrow(), initramfs);

        assertThat(said)
                .contains(ProbeGuest.GREETING.strip())
                .contains("Power down")
                .doesNotContain("took longer");
    }
}
