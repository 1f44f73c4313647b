package org.ifaas.hosts.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.hosts.local.Program;
import org.ifaas.hosts.qemu.Accelerators.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuTestInstancesTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final StageLog LOG = _ -> {};
    private static final Accelerators TCG = () -> new Verdict(Accelerator.TCG, "as the test wants it", "");

    @TempDir
    Path scratch;

    private Path folder;
    private QemuTestInstances instances;

    @BeforeEach
    void folder() {
        folder = scratch.resolve("instances");
        instances = instances(QemuPolicy.defaults());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (var name : instances.list()) {
            instances.destroy(name);
        }
        assertThat(MachineProcesses.of(folder.resolve("one"))).isEmpty();
    }

    @Test
    void anInstanceWritesToItsOwnDiskAndNeverToTheRegisteredFile() throws Exception {
        var image = BootSector.image(scratch);
        var before = Files.readAllBytes(image);

        var instance = instances.boot(request(image, 512), LOG);
        awaitConsole(BootSector.TEXT.strip());

        assertThat(instance.accelerator()).isEqualTo("TCG");
        assertThat(instance.machine().detail()).isEqualTo("QEMU with TCG");
        assertThat(instance.machine().hostKey()).isNull();
        instances.destroy("one");
        assertThat(Files.readAllBytes(image)).isEqualTo(before);
    }

    @Test
    void aRawImageIsBootedAsItIsAndNeverWrittenTo() throws Exception {
        BootSector.image(scratch);
        var raw = scratch.resolve("sector.raw");
        var before = Files.readAllBytes(raw);
        instances.boot(request(raw, DiskFormat.RAW, 512, Firmware.BIOS), LOG);
        awaitConsole(BootSector.TEXT.strip());
        instances.destroy("one");
        assertThat(Files.readAllBytes(raw)).isEqualTo(before);
    }

    @Test
    void whatTheGuestWroteLiesInTheOverlay() throws Exception {
        instances.boot(request(BootSector.image(scratch), 512), LOG);
        awaitConsole(BootSector.TEXT.strip());
        MachineProcesses.end(folder.resolve("one"));

        var overlay = Files.readAllBytes(folder.resolve("one/disk.qcow2"));
        var text = BootSector.TEXT.getBytes();

        assertThat(IntStream.range(0, overlay.length - text.length)
                        .anyMatch(at -> Arrays.equals(overlay, at, at + text.length, text, 0, text.length)))
                .isTrue();
    }

    @Test
    void destroyingLeavesNoProcessNoFolderAndNoPort() throws Exception {
        var instance = instances.boot(request(BootSector.image(scratch), 512), LOG);
        assertThat(MachineProcesses.of(folder.resolve("one"))).isNotEmpty();
        assertThat(instances.list()).containsExactly("one");

        instances.destroy("one");

        assertThat(MachineProcesses.of(folder.resolve("one"))).isEmpty();
        assertThat(folder.resolve("one")).doesNotExist();
        assertThat(instances.list()).isEmpty();
        assertThat(instances.console("one")).isEmpty();
        try (var socket = new Socket()) {
            var address = new InetSocketAddress("127.0.0.1", instance.machine().port());
            assertThat(catchThrowableOfType(IOException.class, () -> socket.connect(address)))
                    .isNotNull();
        }
        instances.destroy("one");
    }

    @Test
    void anInstanceOutlivesTheFactoryAndTheNextOneFindsIt() throws Exception {
        instances.boot(request(BootSector.image(scratch), 512), LOG);

        var next = instances(QemuPolicy.defaults());

        assertThat(next.list()).containsExactly("one");
        next.destroy("one");
        assertThat(MachineProcesses.of(folder.resolve("one"))).isEmpty();
    }

    @Test
    void bootingANameAgainDestroysTheFirst() throws Exception {
        var image = BootSector.image(scratch);
        instances.boot(request(image, 512), LOG);
        var first = MachineProcesses.of(folder.resolve("one"));

        instances.boot(request(image, 512), LOG);

        assertThat(MachineProcesses.of(folder.resolve("one"))).isNotEmpty().doesNotContainAnyElementsOf(first);
        assertThat(instances.list()).containsExactly("one");
    }

    @Test
    void aQemuThatDiesAtOnceIsReportedWithWhatItSaid() throws Exception {
        var image = BootSector.image(scratch);

        var failure =
                catchThrowableOfType(StageFailure.class, () -> instances.boot(request(image, 2_000_000_000), LOG));

        assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
        assertThat(failure).hasMessageContaining("ended at once").hasMessageContaining("qemu-system-x86_64: ");
        assertThat(instances.list()).isEmpty();
        assertThat(MachineProcesses.of(folder.resolve("one"))).isEmpty();
    }

    @Test
    void anImageThatRefersToAnotherFileIsRefused() throws Exception {
        var image = scratch.resolve("hostile.qcow2");
        Program.of(
                        "qemu-img",
                        "create",
                        "-q",
                        "-f",
                        "qcow2",
                        "-u",
                        "-b",
                        "/etc/passwd",
                        "-F",
                        "raw",
                        image.toString(),
                        "1G")
                .check();

        var failure = catchThrowableOfType(StageFailure.class, () -> instances.boot(request(image, 512), LOG));

        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure).hasMessageContaining("backing file");
        assertThat(instances.list()).isEmpty();
    }

    @Test
    void aUefiImageWithoutFirmwareIsToldHowToGetIt() throws Exception {
        var image = BootSector.image(scratch);
        var request = request(image, 512, Firmware.UEFI);

        var failure = catchThrowableOfType(
                StageFailure.class, () -> instances(Policies.withoutFirmware()).boot(request, LOG));

        assertThat(failure.mend()).contains("ovmf");
    }

    @Test
    void whatItCantBootIsKnownBeforehandByItsFieldAndValue() throws Exception {
        var here = instances(Policies.withoutFirmware());
        here.checkBoots("amd64", Firmware.BIOS);
        var uefi = catchThrowableOfType(StageFailure.class, () -> here.checkBoots("amd64", Firmware.UEFI));
        assertThat(uefi).hasMessageStartingWith("firmware: the image's is uefi");
        assertThat(uefi.blame()).isEqualTo(Blame.FACTORY);
        assertThat(uefi.mend()).contains("ovmf");
        var foreign = catchThrowableOfType(StageFailure.class, () -> here.checkBoots("arm64", Firmware.UEFI));
        assertThat(foreign).hasMessageStartingWith("architecture: the image's is arm64");
        assertThat(foreign.mend()).contains("--no-tests");
    }

    @Test
    void aFlavorIsWhatTheConfigurationSaysOnThisMachine() throws Exception {
        var configured = instances(Policies.withoutFirmware());
        assertThat(configured.flavor("small")).isEqualTo(new HostSize(1, 512, 3));
        var failure = catchThrowableOfType(StageFailure.class, () -> configured.flavor("m1.huge"));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure).hasMessage("tests.flavors: this machine has no flavor m1.huge");
        assertThat(failure.mend()).contains("Choose among small", "flavors in ifaas.yaml");
    }

    @Test
    void aHostileNameNamesNoFolder() {
        var failure = catchThrowableOfType(IllegalArgumentException.class, () -> instances.destroy("../region"));

        assertThat(failure).hasMessageContaining("../region");
    }

    private QemuTestInstances instances(QemuPolicy policy) {
        return new QemuTestInstances(folder, TCG, policy, InstantSource.system());
    }

    private void awaitConsole(String text) throws InterruptedException {
        Eventually.within(
                LONG,
                () -> "console: " + instances.console("one"),
                () -> instances.console("one").contains(text));
    }

    private InstanceRequest request(Path image, int memoryMiB) {
        return request(image, memoryMiB, Firmware.BIOS);
    }

    private InstanceRequest request(Path image, int memoryMiB, Firmware firmware) {
        return request(image, DiskFormat.QCOW2, memoryMiB, firmware);
    }

    private InstanceRequest request(Path image, DiskFormat diskFormat, int memoryMiB, Firmware firmware) {
        return new InstanceRequest(
                "one",
                new ImageRef("here", "1"),
                image,
                diskFormat,
                "x86_64",
                firmware,
                "one",
                "tester",
                new SshKey(scratch.resolve("key"), "ssh-ed25519 AAAA test"),
                new HostSize(1, memoryMiB, 1),
                null,
                List.of());
    }
}
