package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UstarTest {
    @TempDir
    Path folder;

    @Test
    void tarUnpacksWhatWentIn() throws Exception {
        var files = new LinkedHashMap<String, byte[]>();
        for (int size : new int[] {0, 1, 511, 512, 513, 70_000}) {
            var content = new byte[size];
            Arrays.fill(content, (byte) size);
            files.put("file-" + size, content);
        }
        var archive = Files.write(folder.resolve("a.tar"), Ustar.of(files));
        var tar = new ProcessBuilder("tar", "-C", folder.toString(), "-xf", archive.toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tar.waitFor()).as(said).isZero();
        for (var file : files.entrySet()) {
            assertThat(folder.resolve(file.getKey()))
                    .hasBinaryContent(file.getValue())
                    .isExecutable();
        }
    }

    @Test
    void aNameThatDoesNotFitIsRefused() {
        var files = Map.of("x".repeat(101), new byte[0]);
        assertThatThrownBy(() -> Ustar.of(files)).isInstanceOf(IllegalArgumentException.class);
    }
}
