package org.ifaas.hosts.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    @Test
    void output_comes_line_by_line_and_as_a_whole() throws Exception {
        var lines = new ArrayList<String>();
        var result = Program.of("sh", "-c", "echo one; echo two >&2; exit 5").run(lines::add);
        assertThat(lines).containsExactly("one", "two");
        assertThat(result).isEqualTo(new Program.Result(5, "one\ntwo\n"));
    }

    @Test
    void nothing_of_our_environment_is_passed_on() throws Exception {
        var text = Program.of("env").with(Map.of("OURS", "1")).read(4096);
        assertThat(text.lines().map(line -> line.split("=")[0])).containsExactlyInAnyOrder("PATH", "LC_ALL", "OURS");
    }

    @Test
    void a_failure_says_what_the_program_said() {
        assertThatThrownBy(() -> Program.of("sh", "-c", "echo sorry; exit 2").check())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exited with 2: sorry");
    }

    @Test
    void more_output_than_the_limit_is_refused() {
        assertThatThrownBy(() -> Program.of("yes").read(1000)).hasMessageContaining("printed more than 1000");
    }

    @Test
    void the_limit_ends_the_whole_group(@TempDir Path folder) throws Exception {
        var pids = folder.resolve("pids");
        var program = Program.of("sh", "-c", "sleep 600 & echo $! $$ >" + pids + "; wait")
                .limit(Duration.ofMillis(500));
        assertThatThrownBy(program::run).hasMessageContaining("took longer");
        assertGone(pids);
    }

    @Test
    void an_interrupt_ends_the_whole_group(@TempDir Path folder) throws Exception {
        var pids = folder.resolve("pids");
        var ready = new CountDownLatch(1);
        var thread = Thread.ofVirtual().start(() -> {
            try {
                Program.of("sh", "-c", "sleep 600 & echo $! $$ >" + pids + "; echo ready; wait")
                        .run(_ -> ready.countDown());
            } catch (IOException | InterruptedException e) {
                // Expected.
            }
        });
        ready.await();
        thread.interrupt();
        thread.join();
        assertGone(pids);
    }

    private static void assertGone(Path pids) throws Exception {
        for (var pid : Files.readString(pids).strip().split(" ")) {
            // The kernel takes a moment over what was killed.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (alive(pid) && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(alive(pid)).isFalse();
        }
    }

    private static boolean alive(String pid) throws IOException {
        try {
            return !Files.readString(Path.of("/proc", pid, "status")).contains("State:\tZ");
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
