package org.ifaas.builders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All shell of the builders and of the shipped definitions. */
class ScriptsTest {
    private static final Path SCRIPTS = Path.of("src/main/resources/org/ifaas/builders");
    private static final Path IMAGES = Path.of("../images");

    @Test
    void theBuildersScriptsPassShellcheck() throws IOException, InterruptedException {
        shellcheck(shellIn(SCRIPTS), "--external-sources", "--source-path=" + SCRIPTS.resolve("common"));
    }

    @Test
    void theShippedDefinitionsScriptsPassShellcheck() throws IOException, InterruptedException {
        shellcheck(shellIn(IMAGES));
    }

    @Test
    void everyProgramOfADefinitionIsExecutable() throws IOException {
        var programs = shellIn(IMAGES).stream()
                .filter(file -> start(file).startsWith("#!"))
                .toList();

        assertThat(programs).isNotEmpty().allMatch(Files::isExecutable);
    }

    private static void shellcheck(List<Path> files, String... options) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/shellcheck")), "shellcheck is not installed");
        assertThat(files).isNotEmpty();
        var argv = new ArrayList<>(List.of("shellcheck"));
        argv.addAll(List.of(options));
        argv.add("--");
        files.forEach(file -> argv.add(file.toString()));
        var process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        var findings = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(findings).isZero();
    }

    /** Files whose first line names a shell, or tells shellcheck which one. */
    private static List<Path> shellIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !Files.isSymbolicLink(file) && isShell(file))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isShell(Path file) {
        var start = start(file);
        return start.startsWith("#!/bin/sh")
                || start.startsWith("#!/bin/bash")
                || start.startsWith("# shellcheck shell=");
    }

    private static String start(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(40), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
