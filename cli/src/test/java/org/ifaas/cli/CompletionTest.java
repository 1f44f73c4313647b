package org.ifaas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ifaas.api.HostView;
import org.ifaas.api.ImageView;
import org.ifaas.api.RegionView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
    @TempDir
    Path folder;

    Path home;
    FakeFactory factory;

    @BeforeEach
    void factoryRuns() throws IOException {
        home = Files.createDirectory(folder.resolve("home"));
        factory = new FakeFactory(home);
        factory.answer("GET /api/v1/images", List.of(image("debian-12"), image("debian-13"), image("busybox")));
        factory.answer(
                "GET /api/v1/builds?limit=200",
                List.of(
                        Fixtures.running("aaaaaaaa", "debian-12", 7, null),
                        Fixtures.failed("bbbbbbbb", "debian-12", 7, "IMAGE", "m", "m")));
        factory.answer("GET /api/v1/builds/bbbbbbbb", Fixtures.failed("bbbbbbbb", "debian-12", 7, "IMAGE", "m", "m"));
        factory.answer(
                "GET /api/v1/releases?limit=200",
                List.of(
                        Fixtures.release("aaaaaaaa", "debian-12"),
                        Fixtures.removed(Fixtures.release("cccccccc", "gone"))));
        factory.answer(
                "GET /api/v1/requests?state=PENDING&limit=200",
                "[{\"build\":\"dddddddd\",\"images\":[],\"regions\":[],\"certification\":[]}]");
        factory.answer(
                "GET /api/v1/hosts",
                List.of(new HostView("ifaas-x-aaaaaaaa", "QEMU", "", "aaaaaaaa", null, null, null)));
        factory.answer("GET /api/v1/regions", List.of(new RegionView("west", "mycloud", "RAW", true, "", "")));
    }

    @AfterEach
    void factoryStops() {
        factory.close();
    }

    private static ImageView image(String name) {
        return new ImageView(name, null, null, "shipped", true, null, null, null, null, null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "build deb| debian-12 debian-13",
                "build --force busybox d| debian-12 debian-13",
                "build --ref main ''| debian-12 debian-13 busybox",
                "builds --image bu| busybox",
                "show ''| aaaaaaaa bbbbbbbb",
                "show a| aaaaaaaa",
                "cancel ''| aaaaaaaa",
                "retry ''| bbbbbbbb",
                "retry bbbbbbbb --from te| test-image",
                "logs bbbbbbbb b| build-image",
                "verify deb| debian-12/20261122.1",
                "diff debian-12/20261122.1 ''| debian-12/20261122.1",
                "approve ''| dddddddd",
                "hosts destroy ''| ifaas-x-aaaaaaaa",
                "build busybox --region w| west",
                "build busybox --cloud ''| mycloud",
                "requests --state p| pending published",
                "show no-such-build| -",
                "restore ''| -"
            })
    void a_word_becomes_what_the_factory_knows(String words, @Nullable String wanted) {
        var arguments = new ArrayList<>(List.of("completion", "--"));
        arguments.addAll(List.of(words.replace("''", "").split(" ", -1)));
        var shell = new Shell(home);

        assertThat(shell.run(arguments.toArray(String[]::new))).isZero();
        assertThat(shell.out().lines()).containsExactlyInAnyOrder(wanted == null ? new String[0] : wanted.split(" "));
        assertThat(shell.err()).isEmpty();
    }

    /** What the factory knows, and what the script knows without it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "build deb| debian-12 debian-13",
                "retry bbbbbbbb --from te| test-image",
                "builds --image = bu| busybox",
                "build --host q| qemu",
                "build --no-t| --no-tests",
                "hosts d| destroy",
                "restore comp| completion",
                "help sched| schedules",
                "sched| schedules"
            })
    void bash_offers_it(String words, String wanted) throws Exception {
        assertThat(complete("./ifaas " + words)).containsExactlyInAnyOrder(wanted.split(" "));
    }

    /** As typed, with the key for completion: what zsh itself adds to what it offers. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "build deb| debian-12 debian-13",
                "retry bbbbbbbb --from te| test-image",
                "show a| aaaaaaaa",
                "builds --image=bu| --image=busybox",
                "build --host=q| --host=qemu",
                "build --no-t| --no-tests",
                "hosts d| destroy",
                "help sched| schedules",
                "sched| schedules"
            })
    void zsh_offers_it(String words, String wanted) throws Exception {
        script();
        var zsh = new ProcessBuilder("zsh", "-f", "-c", """
                        zmodload zsh/zpty
                        zpty inner zsh -f -i
                        zpty -w inner '
                        PS1=; unsetopt beep
                        autoload -Uz compinit; compinit -u -D
                        source ./completion
                        compadd() {
                          typeset -a offered
                          builtin compadd -A offered "$@"
                          print -l -- $offered >>offered
                          builtin compadd "$@"
                        }
                        bindkey "^I" complete-word
                        bindkey -s "^X" "^A^K print ok >done^M"
                        print ok >ready
                        '
                        until [[ -s ready ]]; do sleep 0.05; done
                        zpty -w -n inner "./ifaas $1"$'\\t\\x18'
                        until [[ -s done ]]; do sleep 0.05; done
                        zpty -d inner
                        """, "zsh", words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            assertThat(zsh.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            zsh.destroyForcibly();
        }
        assertThat(Files.readAllLines(folder.resolve("offered")))
                .filteredOn(word -> !word.isBlank())
                .containsExactlyInAnyOrder(wanted.split(" "));
    }

    @Test
    void the_home_that_is_typed_is_asked() throws Exception {
        var there = " --home " + home + " ";
        home = Files.createDirectory(folder.resolve("another"));

        assertThat(complete("ifaas show" + there + "a")).containsExactly("aaaaaaaa");
        assertThat(complete("ifaas show a")).isEmpty();
    }

    @Test
    void where_no_factory_runs_images_are_those_beside_the_product_and_nothing_is_started_or_said() throws Exception {
        factory.close();
        Files.createFile(
                Files.createDirectories(folder.resolve("product/images/tiny")).resolve("image.yaml"));
        Files.createDirectories(folder.resolve("product/images/common"));

        assertThat(complete("ifaas build ''")).containsExactly("tiny");
        assertThat(complete("ifaas show ''")).isEmpty();
        try (var left = Files.list(home)) {
            assertThat(left.map(file -> file.getFileName().toString())).containsOnly("run");
        }
    }

    /** What bash itself offers for the last word, with the script that the command prints. */
    private List<String> complete(String typed) throws IOException, InterruptedException {
        script();
        var bash = new ProcessBuilder("bash", "-c", """
                        compopt() { :; } # works only while a key is handled
                        source ./completion
                        function=$(complete -p ifaas | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
                        COMP_WORDS=(%1$s) COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE="%1$s" COMP_POINT=${#COMP_LINE}
                        "$function" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                        printf '%%s\\n' "${COMPREPLY[@]}"
                        """.formatted(typed))
                .directory(folder.toFile())
                .redirectErrorStream(true);
        bash.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
        var process = bash.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    /** A program and what it prints for completion. */
    private void script() throws IOException {
        var program = folder.resolve("ifaas");
        Files.writeString(
                program,
                "#!/bin/sh\nexport IFAAS_HOME='%s'\nexec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' '-Difaas.root=%s' org.ifaas.cli.Main \"$@\"\n"
                        .formatted(
                                home,
                                Path.of(System.getProperty("java.home"), "bin/java"),
                                System.getProperty("java.class.path"),
                                folder.resolve("product")));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        var shell = new Shell(home);
        assertThat(shell.run("completion")).isZero();
        Files.writeString(folder.resolve("completion"), shell.out());
    }
}
