package org.ifaas.hosts.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.ifaas.hosts.local.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedImageTest {
    @TempDir
    Path scratch;

    @Test
    void systemToolsSeeAnIsoImageWithTheLabelThatCloudInitLooksFor() throws Exception {
        var seed = Files.write(
                scratch.resolve("seed.iso"),
                SeedImage.of(Map.of("user-data", "#cloud-config\n".getBytes(), "meta-data", new byte[5000])));

        var seen = Program.of("blkid", "-p", "-o", "export", seed.toString()).check();

        assertThat(seen.lines()).contains("LABEL=cidata", "TYPE=iso9660");
        assertThat(Files.size(seed) % 2048).isZero();
    }
}
