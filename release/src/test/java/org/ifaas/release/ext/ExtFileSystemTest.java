package org.ifaas.release.ext;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.Measured;
import org.ifaas.release.Tools;
import org.ifaas.release.digest.ParallelMeasurer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtFileSystemTest {
    @TempDir
    Path folder;

    private Path source;
    private Path disk;
    private final Map<String, Measured> expected = new HashMap<>();

    @BeforeEach
    void files() throws Exception {
        source = Files.createDirectories(folder.resolve("source"));
        disk = folder.resolve("disk");
        var random = new Random(1);
        for (var size : new int[] {0, 1, 1023, 1024, 4096, 4097, 60, 13 * 1024, 300 * 1024, 1_500_001}) {
            var bytes = new byte[size];
            random.nextBytes(bytes);
            write("etc/file-" + size, bytes);
        }
        for (int i = 0; i < 150; i++) {
            write("many/a-rather-long-name-to-fill-the-blocks-of-this-folder-" + i, new byte[] {(byte) i});
        }
        Files.createSymbolicLink(source.resolve("etc/link"), Path.of("file-1"));
        Files.createSymbolicLink(source.resolve("etc/folder"), Path.of("../many"));
        Tools.must(source, "mkfifo", "etc/pipe");
        Files.createLink(source.resolve("etc/hard"), source.resolve("etc/file-4097"));
        expected.put("etc/hard", expected.get("etc/file-4097"));
        sparse("etc/sparse");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t ext4",
                "-t ext4 -b 1024",
                "-t ext4 -O 64bit,metadata_csum",
                "-t ext4 -O ^64bit,^flex_bg,^metadata_csum",
                "-t ext4 -b 1024 -O bigalloc -C 16384",
                "-t ext4 -b 4096 -O bigalloc -C 65536",
                "-t ext4 -I 128 -N 4000",
                "-t ext3",
                "-t ext2 -b 1024",
                "-t ext2 -b 4096 -r 0"
            })
    void readsEveryFileAsItWasWritten(String options) throws Exception {
        make(options);

        assertThat(read()).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void readsFoldersWithAnIndex() throws Exception {
        make("-t ext4");
        var indexed = Tools.run(folder, "e2fsck", "-f", "-y", "-D", disk.toString());
        assertThat(indexed.exitCode()).as(indexed.text()).isLessThan(4);
        assertThat(Tools.must(folder, "debugfs", "-R", "htree_dump /many", disk.toString()))
                .contains("Indirect levels");

        assertThat(read()).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void aDeletedFileIsNotFound() throws Exception {
        make("-t ext4");
        Tools.must(folder, "debugfs", "-w", "-R", "rm /etc/file-60", disk.toString());
        expected.remove("etc/file-60");

        assertThat(read()).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void anUncleanOneIsNotReadable() throws Exception {
        make("-t ext4");
        Tools.must(folder, "debugfs", "-w", "-R", "feature needs_recovery", disk.toString());

        try (var channel = FileChannel.open(disk)) {
            assertThat(new ExtFileSystem(channel, 0, channel.size()).unreadable())
                    .hasValueSatisfying(why -> assertThat(why).contains("not unmounted"));
        }
    }

    @Test
    void oneWithInlineDataIsNotReadable() throws Exception {
        make("-t ext4 -O inline_data");

        try (var channel = FileChannel.open(disk)) {
            assertThat(new ExtFileSystem(channel, 0, channel.size()).unreadable())
                    .hasValueSatisfying(why -> assertThat(why).contains("0x8000"));
        }
    }

    @Test
    void aSparseFileThatClaimsTooMuchIsRefused() throws Exception {
        make("-t ext4");
        Tools.must(folder, "debugfs", "-w", "-R", "sif /etc/sparse size 17000000000000", disk.toString());

        assertThatThrownBy(this::read).isInstanceOf(DamagedFileSystem.class).hasMessageContaining("claim more than");
    }

    @Test
    void aFolderWithinItselfIsRefused() throws Exception {
        make("-t ext4");
        Tools.must(folder, "debugfs", "-w", "-R", "ln /etc /etc/again", disk.toString());

        assertThatThrownBy(this::read).isInstanceOf(DamagedFileSystem.class).hasMessageContaining("found twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../passwd", "/tmp/abc/def", "a\0b"})
    void aNameThatWouldLeaveTheFolderIsRefused(String name) throws Exception {
        var honest = "X".repeat(name.length());
        write("etc/" + honest, new byte[3]);
        make("-t ext4 -O ^metadata_csum");
        replace(honest, name);

        assertThatThrownBy(this::read)
                .isInstanceOf(DamagedFileSystem.class)
                .hasMessageContaining("a name that Linux doesn't allow");
    }

    /** Each damaged disk is read, or refused as damaged; nothing else, and always to an end. */
    @Test
    void noDamageDoesHarm() throws Exception {
        Tools.must(folder, "rm", "-r", "source/etc/sparse", "source/etc/file-1500001");
        make("-t ext4 -b 1024 -N 1024", "4M");
        var whole = Files.readAllBytes(disk);
        var random = new Random(42);
        var refused = 0;
        for (int i = 0; i < 80; i++) {
            var damaged = whole.clone();
            for (int n = 0; n < 100; n++) {
                // What describes files lies at the start, behind the superblock.
                damaged[2048 + random.nextInt(400 * 1024)] = (byte) random.nextInt();
            }
            Files.write(disk, damaged);
            try {
                read();
            } catch (DamagedFileSystem expectedOne) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1, 80);
    }

    private Map<String, Measured> read() throws Exception {
        try (var channel = FileChannel.open(disk)) {
            var fileSystem = new ExtFileSystem(channel, 0, channel.size());
            assertThat(fileSystem.unreadable()).isEmpty();
            var tree = ExtTree.of(fileSystem);
            var digests = ExtDigests.of(fileSystem, tree, 4 * channel.size());
            var found = new HashMap<String, Measured>();
            for (var name : tree.names()) {
                var digested = requireNonNull(digests.get(name.inode()));
                var known = expected.get(name.path());
                var same = known != null
                        && known.size() == digested.size()
                        && known.digests().md5().equals(digested.md5())
                        && known.digests().sha256().equals(digested.sha256());
                found.put(
                        name.path(),
                        same
                                ? known
                                : new Measured(digested.size(), new Digests(digested.md5(), digested.sha256(), "")));
            }
            return found;
        }
    }

    private void make(String options) throws Exception {
        make(options, "48M");
    }

    private void make(String options, String size) throws Exception {
        var command = new ArrayList<>(List.of("mke2fs", "-q", "-F"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-d", source.toString(), disk.toString(), size));
        Tools.must(folder, command.toArray(String[]::new));
    }

    private void write(String name, byte[] content) throws IOException {
        var file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        expected.put(name, new ParallelMeasurer().measure(file));
    }

    private void sparse(String name) throws IOException {
        try (var file = new RandomAccessFile(source.resolve(name).toFile(), "rw")) {
            file.seek(300_000);
            file.write(1);
            file.seek(900_000);
            file.write(new byte[] {2, 3});
            file.setLength(2_000_007);
        }
        expected.put(name, new ParallelMeasurer().measure(source.resolve(name)));
    }

    private void replace(String honest, String forged) throws IOException {
        var bytes = Files.readAllBytes(disk);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(honest);
        Files.writeString(disk, text.replace(honest, forged), StandardCharsets.ISO_8859_1);
    }
}
