package org.ifaas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's shell functions, and the launcher on a checkout whose Maven only packs what is compiled already. */
class LauncherTest {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    Path root;

    @BeforeEach
    void a_checkout() throws IOException {
        root = Files.createDirectories(folder.resolve("checkout"));
        var files = new ArrayList<>(List.of("ifaas"));
        try (var bin = Files.list(CHECKOUT.resolve("bin"))) {
            bin.forEach(file -> files.add("bin/" + file.getFileName()));
        }
        for (var file : files) {
            Files.createDirectories(root.resolve(file).getParent());
            Files.copy(CHECKOUT.resolve(file), root.resolve(file));
        }
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(
                Files.createDirectories(root.resolve("cli/src/main/java")).resolve("A.java"), "");
        Files.writeString(root.resolve("cli/pom.xml"), "");
    }

    @Test
    void a_jdk_that_is_new_enough_is_found_by_its_release_file_alone() throws Exception {
        jdk("old", "24.0.2");
        var young = jdk("young", "26-ea");

        assertThat(bash(Map.of("JAVA_HOME", young.toString()), ". bin/jdk.sh; find_jdk; echo $JDK")
                        .out())
                .isEqualTo(young + "\n");
        assertThat(bash(Map.of("JAVA_HOME", folder.resolve("old").toString()), ". bin/jdk.sh; find_jdk; echo $JDK")
                        .out())
                .isNotEqualTo(folder.resolve("old") + "\n");
        assertThat(bash(
                                Map.of("SDKMAN_DIR", folder.toString()),
                                ". bin/jdk.sh; _is_jdk %s; echo $? $JDK_RUNTIME".formatted(young))
                        .out())
                .isEqualTo("0 Someone-26-ea\n");
    }

    @Test
    void where_there_is_no_jdk_it_says_what_to_install() throws Exception {
        var said = bash(Map.of(), ". bin/apt.sh; . bin/jdk.sh; JDK_WANTED=99; need_jdk");

        assertThat(said.exit()).isEqualTo(3);
        assertThat(said.out()).contains("no JDK 99 or newer was found", "Temurin 99", "JAVA_HOME");
    }

    @Test
    void a_heap_that_is_none_is_refused_before_anything_begins() throws Exception {
        for (var heap : List.of("lots", "63m", "1g -Xss1m")) {
            var said = bash(Map.of("IFAAS_HEAP", heap), "bin/factory serve");

            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.out())
                    .startsWith("ifaas: IFAAS_HEAP is '" + heap + "': ")
                    .contains("such as 144m or 1g");
        }
    }

    @Test
    void root_gets_what_is_missing_and_package_lists_are_fetched_only_when_that_failed() throws Exception {
        var apt =
                "_apt_get() { echo \"$@\" >>calls; [[ $1 == update || -e updated ]] || { touch updated; return 1; }; };";

        var said = bash(
                Map.of(),
                ". bin/apt.sh; " + apt + " (( EUID == 0 )) || exit 9; need_programs bash:bash no-such-a:a no-such-b:b");
        if (said.exit() == 9) {
            return;
        }
        assertThat(said.exit()).isZero();
        assertThat(root.resolve("calls")).hasContent("install a b\nupdate\ninstall a b");
    }

    @Test
    void everybody_else_gets_the_one_command_to_run() throws Exception {
        var script = ". bin/apt.sh; need_programs bash:bash no-such-a:a no-such-b:b";
        var said = "root".equals(System.getProperty("user.name"))
                ? bash(Map.of(), "exec unshare -U --map-user=1000 bash -c '%s'".formatted(script))
                : bash(Map.of(), script);

        assertThat(said.exit()).isEqualTo(3);
        assertThat(said.out())
                .isEqualTo("ifaas: programs are missing: no-such-a no-such-b. Run this, then try again:\n"
                        + "  sudo apt-get install --no-install-recommends a b\n");
    }

    @Test
    void what_only_hosts_on_this_machine_need_is_named_and_the_start_goes_on() throws Exception {
        var said = bash(Map.of(), ". bin/apt.sh; tell_programs bash:bash no-such-a:a no-such-b:b");

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .isEqualTo("ifaas: build hosts and test instances on this machine need no-such-a no-such-b:"
                        + " apt-get install --no-install-recommends a b\n");
    }

    @Test
    @Tag("slow")
    void the_product_is_built_on_first_use_and_again_only_when_sources_have_changed() throws Exception {
        maven(0);
        var link = Files.createSymbolicLink(folder.resolve("link"), root.resolve("ifaas"));

        assertThat(launch(link, "--version").out()).contains("Building the factory on first use", "ifaas ");
        assertThat(launch(link, "--version").out()).doesNotContain("Building").startsWith("ifaas ");
        var first = Files.readSymbolicLink(root.resolve("target/ifaas/current"));

        Files.delete(root.resolve("cli/src/main/java/A.java"));

        assertThat(launch(link, "--version").out()).contains("Sources have changed");
        assertThat(launch(link, "--version").out()).startsWith("ifaas ");
        assertThat(root.resolve("target/ifaas").resolve(first)).doesNotExist();
        try (var aot = Files.list(root.resolve("target/ifaas/current/aot"))) {
            assertThat(aot).anyMatch(file -> file.getFileName().toString().matches("cli-.*\\.aot"));
        }
        assertThat(launch(link, "status", "--home", folder.resolve("none").toString())
                        .out())
                .contains("serve");
    }

    @Test
    @Tag("slow")
    void the_jars_of_a_running_process_stay_until_it_ends() throws Exception {
        maven(0);
        launch(root.resolve("ifaas"), "--version");
        var first = root.resolve("target/ifaas").resolve(Files.readSymbolicLink(root.resolve("target/ifaas/current")));
        var holder = new ProcessBuilder(
                        "bash", "-c", "exec 7<\"$0\"; flock -s 7; echo held; exec cat", first.toString())
                .start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");
            Files.writeString(root.resolve("cli/src/main/java/B.java"), "");
            launch(root.resolve("ifaas"), "--version");
            assertThat(first.resolve("lib/cli")).isNotEmptyDirectory();
        } finally {
            holder.destroy();
            holder.waitFor();
        }
        Files.writeString(root.resolve("cli/src/main/java/C.java"), "");
        launch(root.resolve("ifaas"), "--version");
        assertThat(first).doesNotExist();
    }

    @Test
    void for_a_shell_that_completes_a_word_nothing_is_built_or_said() throws Exception {
        maven(0);

        var said = launch(root.resolve("ifaas"), "completion", "--", "show", "");

        assertThat(said.exit()).isZero();
        assertThat(said.out()).isEmpty();
        assertThat(root.resolve("target")).doesNotExist();
    }

    @Test
    void when_maven_fails_its_errors_are_shown_and_nothing_is_taken_for_built() throws Exception {
        maven(1);

        var said = launch(root.resolve("ifaas"), "--version");

        assertThat(said.exit()).isEqualTo(3);
        assertThat(said.out())
                .contains("[ERROR] cannot find symbol", "Maven could not build the factory; all it said is in " + root);
        assertThat(root.resolve("target/ifaas/current")).doesNotExist();
    }

    private record Said(int exit, String out) {}

    private Said bash(Map<String, String> environment, String script) throws IOException, InterruptedException {
        return run(environment, "bash", "-c", script);
    }

    private Said launch(Path launcher, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return run(
                Map.of("JAVA_HOME", System.getProperty("java.home"), "PATH", folder + ":" + System.getenv("PATH")),
                command.toArray(String[]::new));
    }

    private Said run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), out);
    }

    private Path jdk(String name, String version) throws IOException {
        var home = folder.resolve(name);
        for (var program : List.of("java", "javac")) {
            executable(home.resolve("bin").resolve(program), "exit 1\n");
        }
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Someone\"\nJAVA_RUNTIME_VERSION=\"%s\"\nJAVA_VERSION=\"%s\"\n"
                        .formatted(version, version));
        return home;
    }

    /** Packs the classes that run this test; with an exit code, fails. */
    private void maven(int exit) throws IOException {
        var jars = new ArrayList<String>();
        var packs = new StringBuilder();
        int number = 0;
        for (var entry : System.getProperty("java.class.path").split(":")) {
            if (entry.endsWith(".jar")) {
                jars.add("'" + entry + "'");
            } else if (Files.isDirectory(Path.of(entry))) {
                packs.append("'%s/bin/jar' --create --file \"$product/lib/cli/%d.jar\" -C '%s' .\n"
                        .formatted(System.getProperty("java.home"), number++, entry));
            }
        }
        executable(folder.resolve("mvn"), """
                for argument; do case $argument in -Difaas.product=*) product=${argument#*=} ;; esac; done
                echo '[INFO] Building cli 0.1.0 [1/1]'
                if [ %d != 0 ]; then echo '[ERROR] cannot find symbol'; exit %d; fi
                mkdir -p "$product/lib/cli" "$product/lib/server"
                %scp %s "$product/lib/cli"
                """.formatted(exit, exit, packs, String.join(" ", jars)));
    }

    private static void executable(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
