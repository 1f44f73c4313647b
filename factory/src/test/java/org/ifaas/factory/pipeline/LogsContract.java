package org.ifaas.factory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What all {@link Logs} keep. */
public interface LogsContract {
    Duration LONG = Duration.ofSeconds(30);

    Logs logs();

    /** A build that goes on, attempt 1. */
    BuildId running();

    /** Ends that build, without a word to its logs. */
    void end(BuildId build);

    /** Reads on until the log is closed. */
    static String readAll(Logs logs, BuildId build, StageName stage) throws InterruptedException {
        var text = new StringBuilder();
        var next = 0L;
        while (true) {
            var chunk = logs.read(build, 1, stage, next, LONG);
            text.append(chunk.text());
            next = chunk.next();
            if (!chunk.open() && chunk.text().isEmpty()) {
                return text.toString();
            }
        }
    }

    @Test
    default void what_is_written_is_read_while_the_log_is_open() throws Exception {
        var logs = logs();
        var build = running();
        try (var log = logs.open(build, 1, StageName.BUILD_IMAGE)) {
            log.line("schön");
            var first = logs.read(build, 1, StageName.BUILD_IMAGE, 0, LONG);
            assertThat(first).isEqualTo(new Logs.Chunk("schön\n", 7, true));
            assertThat(logs.read(build, 1, StageName.BUILD_IMAGE, 7, Duration.ZERO))
                    .isEqualTo(new Logs.Chunk("", 7, true));
            log.line("und");
            assertThat(logs.read(build, 1, StageName.BUILD_IMAGE, 7, LONG).text())
                    .isEqualTo("und\n");
        }
    }

    @Test
    default void a_closed_log_reads_the_same_from_any_offset() throws Exception {
        var logs = logs();
        var build = running();
        try (var log = logs.open(build, 1, StageName.BUILD_IMAGE)) {
            log.line("one");
            log.line("%s and %d", "two", 3);
        }
        assertThat(readAll(logs, build, StageName.BUILD_IMAGE)).isEqualTo("one\ntwo and 3\n");
        var tail = logs.read(build, 1, StageName.BUILD_IMAGE, 4, LONG);
        assertThat(tail.text()).isEqualTo("two and 3\n");
        assertThat(logs.read(build, 1, StageName.BUILD_IMAGE, tail.next(), LONG))
                .isEqualTo(new Logs.Chunk("", 14, false));
    }

    @Test
    default void a_follower_sees_every_line_of_a_writer_it_waits_for() throws Exception {
        var logs = logs();
        var build = running();
        var followed = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return readAll(logs, build, StageName.TEST_IMAGE);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
        var expected = new StringBuilder();
        try (var log = logs.open(build, 1, StageName.TEST_IMAGE)) {
            for (int i = 0; i < 2000; i++) {
                log.line("ok " + i + " – a test of the instance");
                expected.append("ok ").append(i).append(" – a test of the instance\n");
            }
        }
        assertThat(followed.get(60, TimeUnit.SECONDS)).isEqualTo(expected.toString());
    }

    @Test
    default void a_log_opened_again_goes_on_behind_what_it_had() throws Exception {
        var logs = logs();
        var build = running();
        try (var log = logs.open(build, 1, StageName.BUILD_IMAGE)) {
            log.line("before");
        }
        try (var log = logs.open(build, 1, StageName.BUILD_IMAGE)) {
            log.line("after");
        }
        assertThat(readAll(logs, build, StageName.BUILD_IMAGE)).isEqualTo("before\nafter\n");
    }

    @Test
    default void what_is_read_on_after_a_crash_is_read_on_where_its_lines_end() throws Exception {
        var logs = logs();
        var build = running();
        try (var log = logs.open(build, 1, StageName.BUILD_IMAGE)) {
            assertThat(log.reached("apt")).isZero();
            log.line("installing");
            log.lines(List.of("one", "two"), "apt", 8);
            log.lines(List.of("three"), "apt", 14);
            log.lines(List.of("other"), "check", 6);
            assertThat(log.reached("apt")).isEqualTo(14);
        }
        try (var log = logs.open(build, 1, StageName.BUILD_IMAGE);
                var other = logs.open(build, 1, StageName.HASH_IMAGE)) {
            assertThat(log.reached("apt")).isEqualTo(14);
            assertThat(log.reached("check")).isEqualTo(6);
            assertThat(other.reached("apt")).isZero();
        }
        assertThat(readAll(logs, build, StageName.BUILD_IMAGE)).isEqualTo("installing\none\ntwo\nthree\nother\n");
    }

    @Test
    default void stages_and_attempts_have_logs_of_their_own() throws Exception {
        var logs = logs();
        var build = running();
        try (var one = logs.open(build, 1, StageName.BUILD_IMAGE);
                var two = logs.open(build, 2, StageName.BUILD_IMAGE);
                var other = logs.open(build, 1, StageName.HASH_IMAGE)) {
            one.line("one");
            two.line("two");
            other.line("other");
        }
        assertThat(logs.read(build, 1, StageName.BUILD_IMAGE, 0, LONG).text()).isEqualTo("one\n");
        assertThat(logs.read(build, 2, StageName.BUILD_IMAGE, 0, LONG).text()).isEqualTo("two\n");
        assertThat(logs.read(build, 1, StageName.HASH_IMAGE, 0, LONG).text()).isEqualTo("other\n");
    }

    @Test
    default void a_log_that_nobody_has_opened_is_open_until_its_build_has_ended() throws Exception {
        var logs = logs();
        var build = running();
        assertThat(logs.read(build, 1, StageName.CLEAN_UP, 0, Duration.ZERO)).isEqualTo(new Logs.Chunk("", 0, true));
        end(build);
        logs.closeAll(build);
        assertThat(logs.read(build, 1, StageName.CLEAN_UP, 0, LONG)).isEqualTo(new Logs.Chunk("", 0, false));
    }

    @Test
    default void logs_that_a_crash_left_open_are_closed_with_their_build() throws Exception {
        var logs = logs();
        var build = running();
        var log = logs.open(build, 1, StageName.BUILD_IMAGE);
        log.line("the last words");
        assertThat(logs.read(build, 1, StageName.BUILD_IMAGE, 0, LONG).text()).isEqualTo("the last words\n");
        end(build);
        logs.closeAll(build);
        assertThat(readAll(logs, build, StageName.BUILD_IMAGE)).isEqualTo("the last words\n");
    }
}
