package org.ifaas.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./test} ends with: it must find what a test leaves, of each kind. Mounts are made in a namespace of the test's own. */
class LeftoversTest {
    private static final Path SCRIPT =
            Path.of("../bin/leftovers.sh").toAbsolutePath().normalize();

    /** The folder of this shell's own group in the first hierarchy where it may make another. */
    private static final String GROUP = """
            while IFS=: read -r _ controllers path; do
                for mount in /sys/fs/cgroup/${controllers##*,} /sys/fs/cgroup/${controllers#name=} /sys/fs/cgroup/unified /sys/fs/cgroup; do
                    for own in "$mount$path" "$mount"; do
                        if [[ -f $own/cgroup.procs ]] && mkdir "$own/host-$NAME" 2>/dev/null; then group=$own/host-$NAME; break 3; fi
                    done
                done
            done </proc/self/cgroup
            [[ -n ${group:-} ]] || { echo none can be made; exit 9; }
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void where_the_test_notes_what_is_there() throws IOException {
        Files.createDirectories(folder.resolve("target/test"));
    }

    @Test
    void nothing_is_found_where_nothing_is_left() throws Exception {
        var said = left(":", ":");

        assertThat(said.text()).isEmpty();
        assertThat(said.exit()).isZero();
    }

    @Test
    void a_process_is_found_by_what_it_inherits_whatever_session_it_is_in() throws Exception {
        var said = left("setsid sleep 300 & pid=$!; disown", "kill $pid");

        assertThat(said.text()).matches("process: [0-9]+ (setsid )?sleep 300 \n");
        assertThat(said.exit()).isEqualTo(1);
    }

    @Test
    void a_mount_is_found() throws Exception {
        var said = left("mkdir m; mount -t tmpfs none m", "umount m");

        assertThat(said.text()).isEqualTo("mount: " + folder.toRealPath() + "/m\n");
        assertThat(said.exit()).isEqualTo(1);
    }

    @Test
    void a_namespace_without_a_process_is_found_by_what_holds_it() throws Exception {
        var said = left("touch n; unshare --uts=n true", "umount n");

        assertThat(said.text()).isEqualTo("mount: " + folder.toRealPath() + "/n\n");
    }

    @Test
    void a_loop_device_is_found() throws Exception {
        var said = left(
                "truncate -s 1M disk; loop=$(losetup --show -f disk 2>&1) || { echo \"$loop\"; exit 9; }",
                "losetup -d \"$loop\"");

        assumeThat(said.exit()).as(said.text()).isNotEqualTo(9);
        assertThat(said.text()).startsWith("loop device: /dev/loop").endsWith("/disk\n");
        assertThat(said.exit()).isEqualTo(1);
    }

    @Test
    void a_control_group_of_a_build_host_is_found_unless_somebody_else_runs_in_it() throws Exception {
        var name = "NAME=leftovers-$$; ";
        var empty = left(name + GROUP, "rmdir \"$group\"");

        assumeThat(empty.exit()).as(empty.text()).isNotEqualTo(9);
        assertThat(empty.text()).startsWith("control group: /sys/fs/cgroup/").contains("/host-leftovers-");
        assertThat(empty.exit()).isEqualTo(1);

        var other = left(
                name + GROUP + "env -i sleep 300 & pid=$!; disown; echo $pid >\"$group/cgroup.procs\"",
                "kill $pid; while kill -0 $pid 2>/dev/null; do sleep 0.1; done; rmdir \"$group\"");
        assertThat(other.text()).isEmpty();
        assertThat(other.exit()).isZero();
    }

    private record Said(int exit, String text) {}

    /** What the script says when that was done after it began, and undone before the shell ends. */
    private Said left(String done, String undone) throws IOException, InterruptedException {
        var own = "root".equals(System.getProperty("user.name")) ? "-m" : "-Urm";
        var process = new ProcessBuilder(
                        "unshare", own, "--propagation", "private", "bash", "-c", """
                        . '%s'
                        LEFTOVERS_PATIENCE=1
                        remember_what_is_there
                        %s
                        nothing_is_left; code=$?
                        { %s; } >&2
                        exit $code
                        """.formatted(SCRIPT, done, undone))
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }
}
