package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ifaas.api.BuildView;
import org.ifaas.api.HostView;
import org.ifaas.api.LogView;
import org.ifaas.api.ReleaseView;
import org.ifaas.api.StageView;
import org.ifaas.api.StatusView;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a build host may hand over instead of an image: it fails with the right one to blame, and nothing of it stays. */
@Tag("slow")
@Order(7)
class HostileHostTest {
    private static final int DISK_MIB = 8;

    private static final String GOOD = """
            qemu-img create -q -f qcow2 "$IFAAS_IMAGE" 8M
            : >"$IFAAS_PACKAGES"
            """;

    /** Who owns the host may replace its tools. The real ones are still there, under other names. */
    private static final String REPLACE = """
            replace() {
                cp "/usr/bin/$1" "/usr/bin/real-$1"
                { echo '#!/bin/sh'; cat; } >"/usr/bin/$1.new"
                chmod +x "/usr/bin/$1.new"
                mv "/usr/bin/$1.new" "/usr/bin/$1"
            }
            """;

    /** The host tells the size of another file; when it is asked a second time, the image was looked at and is read next. */
    private static String betweenLookAndRead(String command) {
        return REPLACE + """
                replace stat <<STAT
                case "\\$*" in *.qcow2) ;; *) exec real-stat "\\$@" ;; esac
                if [ -e "$IFAAS_WORK/once" ]; then
                    %s
                fi
                : >"$IFAAS_WORK/once"
                echo "\\$(real-stat -c %%s /etc/shadow) 1 1"
                STAT
                """.formatted(command);
    }

    /**
     * @param program of the definition, for bash
     * @param says what the failure has to say
     * @param mend what its mend has to say
     */
    private record Hostile(String image, String program, String blame, String says, String mend) {
        @Override
        public String toString() {
            return image;
        }
    }

    private static Hostile image(String name, String program, String says, String mend) {
        return new Hostile(name, ": >\"$IFAAS_PACKAGES\"\n" + program, "IMAGE", says, mend);
    }

    private static Hostile packages(String name, String printed) {
        return new Hostile(
                name, GOOD + printed + " >\"$IFAAS_PACKAGES\"\n", "IMAGE", "the package list", "docs/builders.md");
    }

    private static Hostile host(String name, String program, String says) {
        return new Hostile(name, GOOD + program, "HOST", says, "");
    }

    /** Those that take long come first. */
    static List<Hostile> hostile() {
        return List.of(
                host(
                        "never-ends-its-answer",
                        betweenLookAndRead("rm -f \"$IFAAS_IMAGE\"; mkfifo \"$IFAAS_IMAGE\""),
                        "took longer than its limit"),
                host("kills-its-sshd", "pkill -KILL -x sshd; sleep 600\n", "host ifaas-"),
                image("endless-log", "exec cat /dev/zero\n", "printed more than 134217728 bytes", "Make it print less"),
                image("backing-file", """
                        qemu-img create -q -f qcow2 -b /etc/shadow -F raw "$IFAAS_IMAGE" 8M
                        """, "has a backing file", "qemu-img convert"),
                image("backing-json", """
                        qemu-img create -q -f qcow2 -u -F raw \\
                            -b 'json:{"driver":"raw","file":{"driver":"file","filename":"/etc/shadow"}}' "$IFAAS_IMAGE" 8M
                        """, "has a backing file", "qemu-img convert"),
                image("data-file", """
                        qemu-img create -q -f qcow2 -o "data_file=$IFAAS_WORK/shadow,data_file_raw=on" "$IFAAS_IMAGE" 8M
                        """, "keeps its data in another file", "qemu-img convert"),
                image("petabyte", """
                        qemu-img create -q -f qcow2 -o cluster_size=2M "$IFAAS_IMAGE" 1P
                        """, "claims a virtual size of 1125899906842624 bytes", "qemu-img convert"),
                image("large-file", """
                        truncate -s 1T "$IFAAS_IMAGE"
                        """, "it has 1099511627776 bytes", "sizes.disk_mib"),
                image("link", """
                        ln -s /etc/shadow "$IFAAS_IMAGE"
                        """, "it is a symbolic link", "regular file"),
                image("fifo", """
                        mkfifo "$IFAAS_IMAGE"
                        """, "left no image", "mend the definition"),
                image("folder", """
                        mkdir "$IFAAS_IMAGE"
                        """, "left no image", "mend the definition"),
                image(
                        "swapped-for-a-link",
                        GOOD + betweenLookAndRead("ln -sf /etc/shadow \"$IFAAS_IMAGE\""),
                        "is no qcow2 file",
                        "qemu-img convert"),
                image("endless", GOOD + betweenLookAndRead(":") + """
                        replace cat <<'CAT'
                        case "$*" in *.qcow2) exec yes shadow ;; *) exec real-cat "$@" ;; esac
                        CAT
                        """, "more than that came", "sizes.disk_mib"),
                packages("package-path", "printf '../../etc/passwd\\t1\\tall\\tx\\n'"),
                packages("package-escape", "printf 'x\\t1\\033[2J\\tall\\tx\\n'"),
                packages("package-lines", "yes \"$(printf 'x\\t1\\tall\\tx')\" | head -n 200000"),
                new Hostile(
                        "package-huge",
                        GOOD + "truncate -s 20M \"$IFAAS_PACKAGES\"\n",
                        "IMAGE",
                        "it has 20971520 bytes",
                        "Make it smaller"),
                new Hostile(
                        "escapes",
                        "printf '\\033[2J\\033]0;owned\\007\\377\\376 a\\0b \\355\\240\\200 \\302\\233 said\\n'; exit 7\n",
                        "IMAGE",
                        "the builder ended with exit code 7; its last line: ",
                        "mend the definition"),
                host("kills-its-runner", """
                        setsid sleep 3600 &
                        kill -KILL "$(cat /var/tmp/ifaas-run-0/build-1/group)"
                        """, "gone without an exit code"));
    }

    /** Builds that end well, however much they say. */
    private static final Map<String, String> NOISY = Map.of(
            "one-line", "head -c 100000000 /dev/zero | tr '\\0' x; echo; echo at the end\n" + GOOD,
            "many-lines", "yes \"$(printf '%0200d' 0)\" | head -c 100000000; echo at the end\n" + GOOD,
            "second-time", """
                    if [ -e /var/tmp/ifaas-run-0/build-2 ]; then
                    """ + GOOD + """
                    else
                        : >"$IFAAS_PACKAGES"
                        echo no image >"$IFAAS_IMAGE"
                    fi
                    """);

    private static final TestHome HOME = TestHome.make("hostile-host");
    private static final Map<String, String> BUILDS = new LinkedHashMap<>();
    private static RunningFactory factory;

    @BeforeAll
    static void buildAll() throws Exception {
        var definitions = Definitions.in(HOME.path().resolve("definitions"));
        hostile().forEach(hostile -> definitions.script(hostile.image(), DISK_MIB, program(hostile.program())));
        NOISY.forEach((image, program) -> definitions.script(image, DISK_MIB, program(program)));
        definitions.commit();
        var configuration = definitions.configuration("""
                builds: {parallel: 3, attempts: 1, grace: 5s}
                limits: {build-image: 2m}
                ssh: {reconnect: 10s, output: 128MiB}
                """);
        factory = RunningFactory.in(HOME.path(), "--config", configuration.toString());
        for (var hostile : hostile()) {
            request(hostile.image());
        }
        for (var image : NOISY.keySet()) {
            request(image);
        }
    }

    private static String program(String text) {
        return "#!/bin/bash\nset -eu\n" + text;
    }

    private static void request(String image) throws IOException, InterruptedException {
        var request = "{\"image\":\"" + image + "\",\"host\":\"container\",\"runTests\":false}";
        BUILDS.put(image, factory.build(request).id());
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        for (var id : BUILDS.values()) {
            factory.awaitEnd(id);
        }
        assertThat(factory.get("/hosts", HostView[].class)).isEmpty();
        assertThat(factory.get("/status", StatusView.class).running()).isZero();
        assertThat(RegionFolder.of(HOME.path(), "region-a").names()).allMatch(HostileHostTest::isOfNoisy);
        assertThat(RegionFolder.of(HOME.path(), "region-b").names()).allMatch(HostileHostTest::isOfNoisy);
        assertThat(imagesIn(HOME.path().resolve("store"))).allMatch(HostileHostTest::isOfNoisy);
        assertThat(peakMiB(factory.pid())).as("MiB of the factory at its peak").isLessThan(450);
        factory.close();
        assertThat(Files.readAllLines(HOME.path().resolve("server.log")))
                .noneMatch(
                        line -> line.startsWith("\tat ") || line.contains("OutOfMemory") || line.contains(" ERROR "));
        HOME.assertNothingIsLeftAndRemove();
    }

    private static boolean isOfNoisy(String name) {
        return NOISY.keySet().stream().anyMatch(image -> name.matches("(?i)standard_" + image + "_.*"));
    }

    private static List<String> imagesIn(Path store) throws IOException {
        try (var files = Files.walk(store)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".qcow2"))
                    .toList();
        }
    }

    private static long peakMiB(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void itFailsAndTheRightOneIsToBlame(Hostile hostile) throws Exception {
        var build = factory.awaitEnd(BUILDS.get(hostile.image()));
        assertThat(build.state()).as(build.reason()).isEqualTo("FAILED");
        var stage = RunningFactory.stage(build, "build-image");
        assertThat(stage.state()).as(build.reason()).isEqualTo("FAILED");
        assertThat(stage.blame()).as(stage.message()).isEqualTo(hostile.blame());
        assertThat(stage.message())
                .contains(hostile.says())
                .hasSizeLessThan(2_000)
                .matches(HostileHostTest::isPlain);
        assertThat(stage.mend()).isNotBlank().contains(hostile.mend());
        assertThat(List.of(RunningFactory.stage(build, "clean-up"), RunningFactory.stage(build, "destroy-build-host")))
                .extracting(StageView::state)
                .containsOnly("DONE");
        assertThat(factory.log(build.id(), "build-image")).isNotBlank().matches(HostileHostTest::isPlain);
    }

    private static boolean isPlain(String text) {
        return text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t');
    }

    @Test
    void aLineOf100MegabytesIsCutAndTheBuildGoesOn() throws Exception {
        var build = succeeded("one-line");
        var log = factory.log(build.id(), "build-image");
        assertThat(log).hasSizeLessThan(100_000).contains("more bytes in this line were cut", "at the end\n");
        assertThat(log.lines()).allMatch(line -> line.length() < 20_000);
    }

    @Test
    void of100MegabytesOfLinesTheLogKeepsWhatItMayAndTheBuildGoesOn() throws Exception {
        var build = succeeded("many-lines");
        long most = 64L << 20;
        var end = factory.get("/builds/" + build.id() + "/logs/build-image?offset=" + (most - 1000), LogView.class);
        assertThat(end.text()).contains("the rest is dropped").hasSizeLessThan(2_000);
        assertThat(end.next()).isBetween(most, most + 20_000);
        assertThat(end.open()).isFalse();
    }

    @Test
    void whatWasRefusedIsNotTakenForTheImageOfTheNextAttempt() throws Exception {
        var id = BUILDS.get("second-time");
        var failed = factory.awaitEnd(id);
        assertThat(failed.reason()).contains("is no qcow2 file");
        factory.post("/builds/" + id + "/retry", "", BuildView.class);
        var build = succeeded("second-time");
        assertThat(build.attempt()).isEqualTo(2);
        assertThat(List.of(factory.get("/releases?image=second-time", ReleaseView[].class)))
                .hasSize(1);
    }

    private static BuildView succeeded(String image) throws IOException, InterruptedException {
        var build = factory.awaitEnd(BUILDS.get(image));
        assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
        return build;
    }
}
