package org.ifaas.release.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.release.Tools;
import org.ifaas.release.digest.ParallelMeasurer;
import org.ifaas.release.program.Program;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditInsideTest {
    private final HashdeepAuditor auditor = new HashdeepAuditor(new ParallelMeasurer());
    private final List<String> log = new ArrayList<>();

    @TempDir
    Path folder;

    private Path root;
    private Path image;
    private Path auditSet;
    private Path temporary;

    @BeforeEach
    void aRoot() throws Exception {
        root = Files.createDirectories(folder.resolve("root"));
        image = folder.resolve("image.qcow2");
        auditSet = folder.resolve("contents.hashdeep");
        temporary = Files.createDirectories(folder.resolve("temporary"));
        // Names as bytes, whatever the locale of this Java: by a shell.
        Tools.must(
                root,
                "bash",
                "-c",
                "mkdir -p etc usr/bin 'a dir'; echo x > etc/os-release; echo x > usr/bin/x; echo 1 > 'a dir/com,ma';"
                        + " echo 2 > $'both\\'quotes\"'; echo 3 > $'invalid\\xff\\xfe'; echo 4 > 'b\\s'; echo 5 > $'c\\rr';"
                        + " echo 6 > ' spaces '; echo 7 > $'\\xc3\\xbc'; : > empty; : > empty2; ln usr/bin/x usr/bin/y;"
                        + " ln -s /etc/os-release etc/absolute; ln -s ../../../../x etc/away; ln -s usr dir; mkfifo pipe");
    }

    /** JUnit warns of links that lead out of the folder it removes. */
    @AfterEach
    void noLinkOut() throws Exception {
        Tools.must(root, "rm", "etc/absolute", "etc/away");
    }

    @ParameterizedTest
    @CsvSource({
        "'label: dos\n,10M,83\n,,83', 2",
        "'label: gpt\n,1M,21686148-6449-6E6F-744E-656564454649\n,9M,U\n,,L', 3",
        "'label: dos\n,10M,83\n,,E\n,5M,82\n,,83', 6",
        "'', 0",
    })
    void hashdeepAcceptsTheSetWhereTheFilesLie(String partitions, int rootPartition) throws Exception {
        make(partitions, rootPartition);

        var files = audit();

        assertThat(files).isEqualTo(12);
        assertThat(hashdeep().text()).isEqualTo("hashdeep: Audit passed");
        assertThat(temporary).isEmptyDirectory();
        Files.writeString(root.resolve("etc/os-release"), "y\n");
        assertThat(hashdeep().exitCode()).isEqualTo(1);
    }

    @Test
    void theSetIsTheSameEachTime() throws Exception {
        make("", 0);
        audit();
        var first = Files.readAllBytes(auditSet);
        audit();

        assertThat(Files.readAllBytes(auditSet)).isEqualTo(first);
        assertThat(Files.readAllLines(auditSet, StandardCharsets.ISO_8859_1))
                .startsWith("%%%% HASHDEEP-1.0", "%%%% size,md5,sha256,filename");
    }

    @Test
    void aNameWithALineBreakIsToldAndNotListed() throws Exception {
        Tools.must(root, "bash", "-c", "echo 1 > $'new\\nline'");
        make("", 0);

        assertThat(audit()).isEqualTo(12);
        assertThat(log).anyMatch(line -> line.contains("1 names with a line break"));
    }

    @Test
    void anotherFileSystemGivesNoSetAndSaysWhy() throws Exception {
        make("", 0);
        var disk = folder.resolve("disk.raw");
        var bytes = Files.readAllBytes(disk);
        bytes[1024 + 56] = 0;
        System.arraycopy("XFSB".getBytes(), 0, bytes, 0, 4);
        Files.write(disk, bytes);
        convert();

        assertThat(audit()).isEqualTo(-1);
        assertThat(auditSet).doesNotExist();
        assertThat(log).anyMatch(line -> line.contains("the disk (xfs) is not listed"));
    }

    @Test
    void aDamagedFileSystemIsTheImagesFault() throws Exception {
        make("", 0);
        Tools.must(folder, "debugfs", "-w", "-R", "sif <2> block[0] 4000000000", "disk.raw");
        Tools.must(folder, "debugfs", "-w", "-R", "sif <2> flags 0", "disk.raw");
        convert();

        assertThatThrownBy(this::audit)
                .asInstanceOf(InstanceOfAssertFactories.type(StageFailure.class))
                .returns(Blame.IMAGE, StageFailure::blame)
                .extracting(Throwable::getMessage)
                .asString()
                .contains("image.qcow2", "damaged", "inode 2");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void whatDiffersBetweenTwoImagesIsToldTheMostTellingFirst() throws Exception {
        Files.createDirectories(root.resolve("var/log"));
        Files.createDirectories(root.resolve("var/lib/dpkg"));
        Files.writeString(root.resolve("var/log/syslog"), "a");
        Files.writeString(root.resolve("var/lib/dpkg/status"), "a");
        make("", 0);
        audit();
        var before = Files.move(auditSet, folder.resolve("before"));
        Files.writeString(root.resolve("var/log/syslog"), "b");
        Files.writeString(root.resolve("var/lib/dpkg/status"), "bb");
        Files.writeString(root.resolve("etc/new"), "bbb");
        Files.delete(root.resolve("empty2"));
        make("", 0);
        audit();

        assertThat(AuditDifference.between(before, auditSet))
                .extracting(AuditDifference::toString)
                .containsExactly(
                        "differs:            ./var/lib/dpkg/status (1 and 2 bytes)",
                        "only in the second: ./etc/new (3 bytes)",
                        "only in the first:  ./empty2 (0 bytes)",
                        "differs:            ./var/log/syslog (1 and 1 bytes)");
        assertThat(AuditDifference.between(before, before)).isEmpty();
    }

    private long audit() throws Exception {
        return auditor.auditInside(image, auditSet, temporary, log::add);
    }

    /** What a customer runs in the mounted image. */
    private Program.Ended hashdeep() throws Exception {
        return Tools.run(root, "hashdeep", "-r", "-l", "-o", "f", "-a", "-k", auditSet.toString(), ".");
    }

    /** The first partition that is an ext file system but no root gets one that is empty. */
    private void make(String partitions, int rootPartition) throws Exception {
        Tools.must(folder, "rm", "-f", "disk.raw", "fs.raw");
        Tools.must(folder, "mke2fs", "-q", "-F", "-t", "ext4", "-d", "root", "fs.raw", "8M");
        if (partitions.isEmpty()) {
            Files.move(folder.resolve("fs.raw"), folder.resolve("disk.raw"));
        } else {
            Tools.must(folder, "truncate", "-s", "64M", "disk.raw");
            Files.writeString(folder.resolve("layout"), partitions + "\n");
            Tools.must(folder, "bash", "-c", "sfdisk -q disk.raw < layout");
            var start = Tools.must(
                            folder,
                            "bash",
                            "-c",
                            "sfdisk -d disk.raw | sed -n 's/^disk.raw" + rootPartition
                                    + " : start= *\\([0-9]*\\),.*/\\1/p'")
                    .strip();
            assertThat(start).isNotEmpty();
            Tools.must(folder, "dd", "status=none", "if=fs.raw", "of=disk.raw", "seek=" + start, "conv=notrunc");
        }
        convert();
    }

    private void convert() throws Exception {
        Tools.must(folder, "qemu-img", "convert", "-f", "raw", "-O", "qcow2", "disk.raw", "image.qcow2");
    }
}
