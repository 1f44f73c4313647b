package org.ifaas.factory.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "it's",
                "'",
                "$(touch hit) `touch hit` ; touch hit",
                "a\nIFAAS_OTHER=b\n'",
                "\\'\"$HOME",
                "ünïcode 🏭"
            })
    void theShellReadsAnyValueAsItIs(String value) throws Exception {
        var file = Files.writeString(folder.resolve("env"), Parameters.file(Map.of("IFAAS_VALUE", value)));
        var process = new ProcessBuilder(
                        "/bin/sh", "-c", ". \"$1\"; printf '%s' \"$IFAAS_VALUE\"", "sh", file.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(value);
        assertThat(folder.resolve("hit")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "A-B", "A=B", "A\nB", "1A", "A;B"})
    void whatIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> Parameters.file(Map.of(name, "x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aValueWithANulIsRefused() {
        assertThatThrownBy(() -> Parameters.file(Map.of("A", "x\0y"))).isInstanceOf(IllegalArgumentException.class);
    }
}
