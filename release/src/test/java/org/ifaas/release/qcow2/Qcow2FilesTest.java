package org.ifaas.release.qcow2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.release.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Qcow2FilesTest {
    private static final long GIB = 1L << 30;

    private final Qcow2Files files = new Qcow2Files();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compat=0.10",
                "compat=1.1",
                "compat=1.1,compression_type=zstd",
                "compat=1.1,extended_l2=on,cluster_size=128k",
                "compat=1.1,lazy_refcounts=on",
                "compat=1.1,preallocation=metadata",
                "compat=1.1,refcount_bits=1",
                "cluster_size=512",
                "cluster_size=2M"
            })
    void acceptsWhatQemuImgMakes(String options) throws Exception {
        assertThat(files.checkQcow2(create("1G", "-o", options), 64 * GIB)).isEqualTo(GIB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zlib", "zstd"})
    void acceptsACompressedImage(String compression) throws Exception {
        var raw = Files.write(folder.resolve("disk.raw"), new byte[3 << 20]);
        Tools.must(
                folder,
                "qemu-img",
                "convert",
                "-c",
                "-o",
                "compression_type=" + compression,
                "-O",
                "qcow2",
                raw.toString(),
                "image.qcow2");

        assertThat(files.checkQcow2(folder.resolve("image.qcow2"), GIB)).isEqualTo(3 << 20);
    }

    @ParameterizedTest
    @CsvSource({
        "-b /etc/passwd -F raw, has a backing file",
        "-o data_file=data.raw, keeps its data in another file",
        "-o data_file=data.raw -o data_file_raw=on, keeps its data in another file",
        "--object secret#id=s#data=x -o encrypt.format=aes#encrypt.key-secret=s, is encrypted",
    })
    void refusesWhatReachesBeyondTheFile(String options, String why) throws Exception {
        // A comma separates this test's columns.
        var words = options.replace('#', ',').split(" ");
        refused(create("1G", words), why);
    }

    @Test
    void refusesABackingFileNamedByJson() throws Exception {
        var json = "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"filename\":\"/etc/passwd\"}}";
        refused(create("1G", "-u", "-F", "raw", "-b", json), "has a backing file");
    }

    @Test
    void refusesASizeBeyondTheLimitHoweverSmallTheFile() throws Exception {
        var image = create("1P", "-o", "cluster_size=2M");

        assertThat(Files.size(image)).isLessThan(20_000_000);
        refused(image, "claims a virtual size of 1125899906842624 bytes; at most 68719476736 are allowed");
    }

    @Test
    void refusesInternalSnapshots() throws Exception {
        var image = create("1G");
        Tools.must(folder, "qemu-img", "snapshot", "-c", "hidden", image.toString());

        refused(image, "holds internal snapshots");
    }

    @Test
    void refusesWhatIsNoQcow2() throws Exception {
        var random = new byte[200_000];
        new Random(7).nextBytes(random);
        refused(Files.write(folder.resolve("random"), random), "is no qcow2 file");
        refused(Files.write(folder.resolve("empty"), new byte[0]), "is no qcow2 file");
        refused(Files.write(folder.resolve("tiny"), new byte[] {'Q', 'F', 'I', (byte) 0xfb}), "is no qcow2 file");
        refused(folder, "is no plain file");
        refused(Files.createSymbolicLink(folder.resolve("link"), create("1G")), "is no plain file");
        refused(folder.resolve("missing"), "is no plain file");
    }

    @ParameterizedTest
    @CsvSource({
        "4, 4, 4, unknown qcow2 version 4",
        "20, 4, 40, clusters of 2^40",
        "24, 8, 0, virtual size of 0",
        "24, 8, -1, virtual size of 18446744073709551615",
        "36, 4, 1, its tables can't hold",
        "40, 8, 0, first-level table",
        "40, 8, 1099511627776, is cut off",
        "48, 8, -65536, reference count table",
        "56, 4, 1000000, reference count table",
        "72, 8, 1, dirty",
        "72, 8, 2, corrupt",
        "72, 8, 64, unknown features: 0x40",
        "72, 8, 8, contradicts itself",
        "96, 4, 7, reference counts",
        "100, 4, 8, header of 8 bytes",
        "100, 4, -8, header of 4294967288 bytes",
        "104, 1, 2, compressed in an unknown way",
        "116, 4, 100000, header extension that is too long",
    })
    void refusesAForgedHeader(int at, int bytes, long value, String why) throws Exception {
        var image = create("8G");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek(at);
            switch (bytes) {
                case 1 -> file.writeByte((int) value);
                case 4 -> file.writeInt((int) value);
                default -> file.writeLong(value);
            }
        }
        refused(image, why);
    }

    @Test
    void noCutImageIsAccepted() throws Exception {
        var image = create("1G");
        for (var size : new int[] {8, 71, 90, 103, 112, 65_536, 131_072, 196_608}) {
            try (var file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(size);
            }
            assertThatThrownBy(() -> files.checkQcow2(image, GIB))
                    .as("cut to " + size)
                    .isInstanceOf(StageFailure.class);
            Files.delete(image);
            create("1G");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-c"})
    void anImageWhoseDataIsCutOffIsRefused(String compress) throws Exception {
        var content = new byte[8 << 20];
        new Random(3).nextBytes(content);
        Files.write(folder.resolve("disk.raw"), content);
        Tools.must(folder, ("qemu-img convert " + compress + " -O qcow2 disk.raw image.qcow2").split(" +"));
        var image = folder.resolve("image.qcow2");
        assertThat(files.checkQcow2(image, GIB)).isEqualTo(8 << 20);

        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(file.length() - (1 << 20));
        }
        refused(image, "is cut off");
    }

    private Path create(String size, String... options) throws Exception {
        var command = new ArrayList<>(List.of("qemu-img", "create", "-q", "-f", "qcow2"));
        command.addAll(List.of(options));
        command.addAll(List.of("image.qcow2", size));
        Tools.must(folder, command.toArray(String[]::new));
        return folder.resolve("image.qcow2");
    }

    private void refused(Path image, String why) {
        assertThatThrownBy(() -> files.checkQcow2(image, 64 * GIB))
                .asInstanceOf(InstanceOfAssertFactories.type(StageFailure.class))
                .returns(Blame.IMAGE, StageFailure::blame)
                .extracting(Throwable::getMessage)
                .asString()
                .contains(why, image.getFileName().toString());
    }
}
