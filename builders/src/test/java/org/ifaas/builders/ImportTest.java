package org.ifaas.builders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The import builder's script, on this machine instead of a build host. */
class ImportTest {
    private static final Path SCRIPTS =
            Path.of("src/main/resources/org/ifaas/builders").toAbsolutePath();

    @TempDir
    Path folder;

    private Path definition;
    private Path image;

    private record Ended(int exit, String said) {}

    @BeforeEach
    void aDefinition() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "qemu-utils is not installed");
        definition = Files.createDirectories(folder.resolve("definition"));
        image = folder.resolve("work/image.qcow2");
        var scripts = Files.createDirectories(folder.resolve("work/scripts"));
        for (var script : List.of("import/build.sh", "common/lib.sh")) {
            Files.copy(SCRIPTS.resolve(script), scripts.resolve(script.replaceFirst(".*/", "")));
        }
    }

    private Ended build(String line) throws Exception {
        Files.writeString(definition.resolve("vendors"), line);
        var process = new ProcessBuilder(folder.resolve("work/scripts/build.sh").toString()).redirectErrorStream(true);
        var environment = process.environment();
        environment.put("IFAAS_DEFINITION", definition.toString());
        environment.put("IFAAS_DESCRIPTION", definition.resolve("vendors").toString());
        environment.put("IFAAS_WORK", folder.resolve("work").toString());
        environment.put("IFAAS_IMAGE", image.toString());
        environment.put("IFAAS_PACKAGES", folder.resolve("work/packages.tsv").toString());
        environment.put("IFAAS_DISK_MIB", "8");
        environment.put("IFAAS_COMPRESSION", "zlib");
        environment.put("IFAAS_SEED", "00");
        environment.put("SOURCE_DATE_EPOCH", "0");
        var running = process.start();
        var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(running.waitFor(), said);
    }

    private void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .directory(definition.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private String digest(String tool, String file) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(tool, file).directory(definition.toFile()).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said.split(" ")[0];
    }

    @Test
    void aQcow2StaysAsItIs() throws Exception {
        run("qemu-img", "create", "-q", "-f", "qcow2", "vendor.qcow2", "8M");
        var ended = build(digest("sha512sum", "vendor.qcow2") + "  vendor.qcow2\n");
        assertThat(ended.exit()).as(ended.said()).isZero();
        assertThat(image).hasSameBinaryContentAs(definition.resolve("vendor.qcow2"));
        assertThat(folder.resolve("work/packages.tsv")).isEmptyFile();
    }

    @Test
    void aPackedRawDiskBecomesAQcow2() throws Exception {
        run("truncate", "--size=8M", "disk.raw");
        run("xz", "disk.raw");
        var ended = build(digest("sha256sum", "disk.raw.xz") + "  disk.raw.xz");
        assertThat(ended.exit()).as(ended.said()).isZero();
        assertThat(Files.readAllBytes(image)).startsWith('Q', 'F', 'I', 0xfb);
    }

    @Test
    void anyOtherDigestIsRefusedAndLeavesNoImage() throws Exception {
        run("truncate", "--size=8M", "disk.raw");
        var ended = build("0".repeat(64) + "  disk.raw\n");
        assertThat(ended.exit()).isNotZero();
        assertThat(ended.said())
                .contains("is not what the definition pins", digest("sha256sum", "disk.raw"))
                .doesNotContain("Reading the list");
        assertThat(image).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/etc/passwd", "../vendors", "a/../../b", "..", "file:///etc/passwd", "ftp://example.org/a", ""})
    void anAddressElsewhereIsRefused(String address) throws Exception {
        var ended = build("0".repeat(64) + "  " + address + "\n");
        assertThat(ended.exit()).isNotZero();
        assertThat(ended.said()).contains("neither https:// nor a path inside");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc  disk.raw", "two\nlines\n", "ABCDEF  disk.raw"})
    void aLineOfAnotherKindIsRefusedByName(String line) throws Exception {
        var ended = build(line);
        assertThat(ended.exit()).isNotZero();
        assertThat(ended.said()).contains("error: ", "vendors");
    }
}
