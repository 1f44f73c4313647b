package org.ifaas.release.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.release.Tools;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QemuConverterTest {
    private final QemuConverter converter = new QemuConverter();
    private final List<String> log = new ArrayList<>();

    @TempDir
    Path folder;

    private Path disk;
    private Path image;

    @BeforeEach
    void aCompressedImage() throws Exception {
        var content = new byte[24 << 20];
        new Random(1).nextBytes(content);
        disk = Files.write(folder.resolve("disk"), content);
        image = folder.resolve("image.qcow2");
        Tools.must(folder, "qemu-img", "convert", "-c", "-f", "raw", "-O", "qcow2", disk.toString(), image.toString());
    }

    @Test
    void theDiskComesOutByteByByteAndItIsToldHowFarItHasCome() throws Exception {
        var raw = folder.resolve("image.raw");
        converter.convert(image, DiskFormat.RAW, raw, log::add);
        assertThat(raw).hasSameBinaryContentAs(disk);
        assertThat(log).startsWith("converting image.qcow2 to raw").endsWith("converting to raw: 100 %");
        assertThat(log).doesNotHaveDuplicates();
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsWritten() throws Exception {
        var large = folder.resolve("large.qcow2");
        Tools.must(
                folder,
                "qemu-img",
                "create",
                "-f",
                "qcow2",
                "-o",
                "cluster_size=2M,preallocation=metadata",
                large.toString(),
                "8T");
        var raw = folder.resolve("image.raw");
        var failure =
                catchThrowableOfType(StageFailure.class, () -> converter.convert(large, DiskFormat.RAW, raw, log::add));
        assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
        assertThat(failure).hasMessageContaining("raw needs 8388608 MiB in " + folder);
        assertThat(failure.mend()).contains("Make space");
        assertThat(raw).doesNotExist();
    }

    @Test
    void whoeverIsInterruptedLeavesNoProgram() {
        var raw = folder.resolve("image.raw");
        assertThatThrownBy(() -> converter.convert(
                        image, DiskFormat.RAW, raw, _ -> Thread.currentThread().interrupt()))
                .isInstanceOf(InterruptedException.class);
        assertThat(ProcessHandle.current().descendants().filter(QemuConverterTest::isConversion))
                .isEmpty();
    }

    private static boolean isConversion(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("qemu-img"))
                .isPresent();
    }

    @Test
    void whatIsNoQcow2IsTheImagesFault() throws Exception {
        var failure = catchThrowableOfType(
                StageFailure.class,
                () -> converter.convert(disk, DiskFormat.RAW, folder.resolve("image.raw"), log::add));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure)
                .hasMessageContaining("qemu-img can't convert disk to raw")
                .hasMessageContaining("qcow2");
    }
}
