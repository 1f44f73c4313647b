package org.ifaas.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.LogsContract;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.store.ArtifactFolder;
import org.ifaas.store.Scratch;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.Sql;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

public abstract class LogsOnPostgres extends StoreTest implements LogsContract {
    private static final StageName STAGE = StageName.BUILD_IMAGE;

    private final Path folder = Scratch.folder("logs");
    private final ArtifactFolder artifacts = new ArtifactFolder(folder);

    private @Nullable PostgresLogs logs;

    protected LogsOnPostgres(TestServer server) {
        super(server);
    }

    @Override
    public PostgresLogs logs() {
        if (logs == null) {
            logs = store.logs(artifacts);
        }
        return logs;
    }

    @AfterEach
    void deleteArtifacts() {
        Scratch.delete(folder);
    }

    @Override
    protected LogPolicy logPolicy() {
        return new LogPolicy(1024, 300_000, Duration.ofMillis(20));
    }

    @Override
    public BuildId running() {
        var id = BuildId.random();
        store.journal().create(id, Parameters.of("debian-12"), "anna", Instant.EPOCH);
        return id;
    }

    @Override
    public void end(BuildId build) {
        store.journal().end(store.journal().take(build, Instant.EPOCH), BuildState.FAILED, null, Instant.EPOCH);
    }

    private long chunks() {
        return new Sql(Address.of(database).dataSource())
                .query(handle -> handle.createQuery("select count(*) from log_chunk")
                        .mapTo(Long.class)
                        .one());
    }

    private String artifact(BuildId build) throws IOException {
        return Files.readString(folder.resolve("builds/" + build + "/logs/1/07-build-image.log"));
    }

    @Test
    void a_closed_log_lies_in_the_artifact_store_and_no_longer_in_the_database() throws Exception {
        var build = running();
        try (var log = logs().open(build, 1, STAGE)) {
            log.line("one");
            log.line("two");
        }
        assertThat(artifact(build)).isEqualTo("one\ntwo\n");
        assertThat(chunks()).isZero();
    }

    @Test
    void what_is_sent_again_because_its_answer_was_lost_is_there_once() throws Exception {
        var build = running();
        var rows = new LogRows(new Sql(Address.of(database).dataSource()));
        var log = rows.open(new LogKey(build, 1, STAGE)).state();
        for (var line : List.of("same\n", "same\n", "other\n")) {
            var at = rows.find(log.key()).orElseThrow().size();
            for (int time = 0; time < 2; time++) {
                assertThat(rows.append(log, at, line.getBytes(StandardCharsets.UTF_8), Map.of()))
                        .isTrue();
            }
        }
        assertThat(chunks()).isEqualTo(3);
        rows.close(log);
        assertThat(LogsContract.readAll(logs(), build, STAGE)).isEqualTo("same\nsame\nother\n");
    }

    @Test
    void any_node_follows_a_log_that_another_one_writes() throws Exception {
        var build = running();
        try (var other = open("node-2", InstantSource.system());
                var log = logs().open(build, 1, STAGE)) {
            log.line("from node 1");
            var there = other.logs(artifacts);
            assertThat(there.read(build, 1, STAGE, 0, LONG).text()).isEqualTo("from node 1\n");
            assertThat(there.lastLine(build, 1, STAGE)).contains("from node 1");
            log.line("");
            log.line("the newest");
            assertThat(logs().lastLine(build, 1, STAGE)).contains("the newest");
            assertThat(logs().lastLine(build, 1, StageName.HASH_IMAGE)).isEmpty();
        }
    }

    @Test
    void many_logs_that_are_written_together_are_each_whole_and_the_one_that_another_took_over_stays_its()
            throws Exception {
        var build = running();
        var writers = new ArrayList<Logs.Writer>();
        for (int attempt = 1; attempt <= 150; attempt++) {
            writers.add(logs().open(build, attempt, STAGE));
        }
        try (var other = open("node-2", InstantSource.system())) {
            other.logs(artifacts).open(build, 7, STAGE).line("another's");
            for (int line = 1; line <= 3; line++) {
                for (var writer : writers) {
                    writer.line("line %d", line);
                }
            }
            assertThat(logs().read(build, 7, STAGE, 0, LONG).text()).isEqualTo("another's\n");
        }
        writers.forEach(Logs.Writer::close);
        for (int attempt = 1; attempt <= 150; attempt++) {
            assertThat(logs().read(build, attempt, STAGE, 0, Duration.ZERO).text())
                    .isEqualTo(attempt == 7 ? "another's\n" : "line 1\nline 2\nline 3\n");
        }
    }

    @Test
    void a_line_of_a_hundred_megabytes_is_cut_and_said_to_be() throws Exception {
        var build = running();
        try (var log = logs().open(build, 1, STAGE)) {
            log.line("x".repeat(100_000_000));
            log.line("next");
        }
        var text = LogsContract.readAll(logs(), build, STAGE);
        assertThat(text)
                .startsWith("xxxxx")
                .endsWith(" … (line of 100,000,000 characters cut)\nnext\n")
                .hasSizeLessThan(1200);
    }

    @Test
    void a_log_without_end_stops_growing_at_its_limit_and_says_so() throws Exception {
        var build = running();
        try (var log = logs().open(build, 1, STAGE)) {
            for (int i = 0; i < 5000; i++) {
                log.line("ö".repeat(100));
            }
        }
        var text = LogsContract.readAll(logs(), build, STAGE);
        assertThat(text)
                .endsWith("… (the log has 300,000 bytes, the rest is dropped)\n")
                .doesNotContain("\ufffd");
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(300_000, 301_000);
    }

    @Test
    void large_logs_read_the_same_from_the_database_and_from_the_artifact_store() throws Exception {
        var build = running();
        artifacts.fill();
        try (var log = logs().open(build, 1, STAGE)) {
            for (int i = 0; i < 2800; i++) {
                log.line("%05d ".formatted(i) + "𝄞ä".repeat(15));
            }
        }
        var fromDatabase = LogsContract.readAll(logs(), build, STAGE);
        assertThat(chunks()).isPositive();
        assertThat(fromDatabase.lines()).hasSize(2800);
        artifacts.makeRoom();
        end(build);
        logs().closeAbandoned();
        assertThat(chunks()).isZero();
        assertThat(artifact(build)).isEqualTo(fromDatabase);
        assertThat(LogsContract.readAll(logs(), build, STAGE)).isEqualTo(fromDatabase);
    }

    @Test
    void a_part_of_a_log_ends_with_a_line_so_that_no_colour_is_cut() throws Exception {
        var build = running();
        try (var log = logs().open(build, 1, STAGE)) {
            for (int i = 0; i < 4700; i++) {
                log.line("\u001b[3" + i % 8 + "m" + "x".repeat(1 + i % 100));
            }
            assertThat(logs().lastLine(build, 1, STAGE)).contains("x".repeat(100));
        }
        var first = logs().read(build, 1, STAGE, 0, LONG);
        assertThat(first.text()).endsWith("\u001b[0m\n").hasSizeGreaterThan(200_000);
        assertThat(logs().read(build, 1, STAGE, first.next(), LONG).text()).startsWith("\u001b[0;3");
    }

    @Test
    void whoever_opens_a_log_last_writes_it_and_an_earlier_writer_is_dropped() throws Exception {
        var build = running();
        var paused = logs().open(build, 1, STAGE);
        paused.line("before the pause");
        assertThat(logs().read(build, 1, STAGE, 0, LONG).text()).isEqualTo("before the pause\n");
        try (var other = open("node-2", InstantSource.system());
                var log = other.logs(artifacts).open(build, 1, STAGE)) {
            paused.line("a revived node");
            paused.close();
            log.line("the new owner");
        }
        assertThat(LogsContract.readAll(logs(), build, STAGE)).isEqualTo("before the pause\nthe new owner\n");
    }

    @Test
    void a_node_that_dies_leaves_lines_and_how_far_they_reach_as_one() throws Exception {
        var build = running();
        var dead = logs().open(build, 1, STAGE);
        var lines = IntStream.range(0, 5000).mapToObj("line %d"::formatted).toList();
        var said = new Thread(() -> {
            for (int i = 0; i < 5000; i++) {
                dead.lines(List.of(lines.get(i)), "builder", i + 1);
            }
        });
        said.start();
        assertThat(logs().read(build, 1, STAGE, 0, LONG).text()).isNotEmpty();
        try (var other = open("node-2", InstantSource.system());
                var log = other.logs(artifacts).open(build, 1, STAGE)) {
            said.join();
            int at = (int) log.reached("builder");
            assertThat(at).isPositive();
            log.lines(lines.subList(at, 5000), "builder", 5000);
        }
        assertThat(LogsContract.readAll(logs(), build, STAGE).lines()).isEqualTo(lines);
    }

    @Test
    void a_text_of_many_lines_is_taken_whole() throws Exception {
        var build = running();
        try (var log = logs().open(build, 1, STAGE)) {
            log.line("y".repeat(99).concat("\n").repeat(2_900).stripTrailing());
        }
        assertThat(LogsContract.readAll(logs(), build, STAGE).lines())
                .hasSize(2_900)
                .allMatch(line -> line.length() == 99);
    }

    @Test
    void a_log_that_was_closed_and_goes_on_is_whole_in_the_artifact_store() throws Exception {
        var build = running();
        for (var text : new String[] {"first", "second", "third"}) {
            try (var log = logs().open(build, 1, STAGE)) {
                log.line(text);
                assertThat(logs().read(build, 1, STAGE, 0, LONG).text()).startsWith("first\n");
            }
        }
        assertThat(artifact(build)).isEqualTo("first\nsecond\nthird\n");
        assertThat(chunks()).isZero();
    }

    @Test
    void an_interrupted_stage_closes_its_log_all_the_same() throws Exception {
        var build = running();
        var log = logs().open(build, 1, STAGE);
        var stage = Thread.startVirtualThread(() -> {
            Thread.currentThread().interrupt();
            log.line("last words");
            log.close();
        });
        stage.join();
        assertThat(artifact(build)).isEqualTo("last words\n");
        assertThat(LogsContract.readAll(logs(), build, STAGE)).isEqualTo("last words\n");
    }

    @Test
    void offsets_inside_and_behind_the_log_are_served() throws Exception {
        var build = running();
        try (var log = logs().open(build, 1, STAGE)) {
            log.line("schön");
        }
        assertThat(logs().read(build, 1, STAGE, 4, LONG)).isEqualTo(new Logs.Chunk("\ufffdn\n", 7, false));
        assertThat(logs().read(build, 1, STAGE, 99, LONG)).isEqualTo(new Logs.Chunk("", 99, false));
    }
}
