package org.ifaas.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.fact.HostConfigured;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.notify.Event;
import org.ifaas.factory.notify.EventKind;
import org.ifaas.factory.notify.OutboxContract;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.publish.Confirmation;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.RegionState;
import org.ifaas.factory.publish.RequestSelection;
import org.ifaas.factory.publish.SignedApproval;
import org.ifaas.factory.schedule.Declared;
import org.ifaas.factory.schedule.Run;
import org.ifaas.factory.schedule.Timing;
import org.ifaas.store.ArtifactFolder;
import org.ifaas.store.Store;
import org.ifaas.store.StoreConfig;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;
import org.ifaas.store.login.StoredToken;
import org.ifaas.store.sql.StoreFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public abstract class BackupOnPostgres extends StoreTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00.123456Z");

    private static final StoredToken TOKEN = new StoredToken(
            "ab",
            "ci",
            "anna",
            List.of("anna@example.org"),
            List.of("REQUESTER", "PUBLISHER"),
            List.of("debian-*", "tiny"),
            "north",
            T0,
            T0.plusSeconds(9),
            null,
            null,
            null);

    private final TestServer to;

    @TempDir
    Path artifacts;

    /** @param to where the backup is restored */
    protected BackupOnPostgres(TestServer from, TestServer to) {
        super(from);
        this.to = to;
    }

    private Store empty() {
        return Store.open(StoreConfig.of(to.emptyDatabase(), "node-2"), FACTS, InstantSource.system());
    }

    private BuildId fill() throws InterruptedException {
        var journal = store.journal();
        var ended = BuildId.random();
        journal.create(ended, Parameters.of("debian-12"), "anna \"ä\" \\ 𝄞", T0);
        var lease = journal.take(ended, T0);
        journal.start(lease, StageName.BUILD_IMAGE, T0);
        journal.done(lease, StageName.CONFIGURE_BUILD_HOST, new HostConfigured(Map.of("a", "1\n2")), "ok", T0);
        journal.done(lease, StageName.CONFIGURE_BUILD_HOST, new HostConfigured(Map.of("b", "3")), null, T0);
        journal.ended(lease, StageName.BUILD_IMAGE, StageState.FAILED, Blame.IMAGE, "no\tkernel", "add one", T0);
        store.requests()
                .create(
                        lease,
                        PublicationRequest.pending(
                                ended,
                                "debian-12",
                                "20261122.1",
                                "Debian",
                                "ab",
                                List.of(new ImageRef("north", "1")),
                                "anna",
                                T0));
        store.requests()
                .approve(
                        ended,
                        new SignedApproval("{\"ä\": 1}\n", "A".repeat(40), T0, T0.plusSeconds(60), "b".repeat(32)),
                        "bea",
                        "four-eyes");
        store.requests().region(ended, "b".repeat(32), "north", RegionState.FAILED, "down", T0);
        journal.end(lease, BuildState.FAILED, "no kernel", T0);
        store.outbox()
                .settle(
                        OutboxContract.notice(Event.ended(EventKind.FAILED, "debian-12", ended, 1, T0)),
                        List.of("mail"),
                        T0);
        var report = new Confirmation.Evidence("report.pdf", "builds/x/report.pdf", 7, "cd");
        store.confirmations().record(new Confirmation(ended, "scan", "ab", true, "bea", T0, "“fine”", report));
        var timing = new Timing("30 3 * * 1", ZoneId.of("Europe/Berlin"), Duration.ofMinutes(30));
        store.schedules().put(new Declared("debian-12", timing, "shipped"), new Run(T0, T0.plusSeconds(7)));
        store.audit().record("anna", AuditAction.BUILD_ASKED, "debian-12", Map.of("ä", "\u2028 \"x\" \n", "b", ""));
        store.audit().record("bea", AuditAction.PUBLICATION_APPROVED, "debian-12", Map.of());
        store.tokens().create(TOKEN);
        var going = BuildId.random();
        journal.create(going, Parameters.of("debian-13"), "bea", T0.plusSeconds(1));
        var log = store.logs(new ArtifactFolder(artifacts)).open(going, 1, StageName.BUILD_IMAGE);
        log.line("a line – of the log");
        assertThat(store.logs(new ArtifactFolder(artifacts))
                        .read(going, 1, StageName.BUILD_IMAGE, 0, Duration.ofSeconds(30))
                        .text())
                .isNotEmpty();
        return going;
    }

    private byte[] backup() throws IOException {
        var file = new ByteArrayOutputStream();
        assertThat(store.backup().backup(file))
                .isEqualTo(Map.ofEntries(
                        Map.entry("build", 2L),
                        Map.entry("stage_run", 2L),
                        Map.entry("fact", 2L),
                        Map.entry("publication_request", 1L),
                        Map.entry("region_publication", 1L),
                        Map.entry("stage_log", 1L),
                        Map.entry("log_chunk", 1L),
                        Map.entry("event", 2L),
                        Map.entry("delivery", 1L),
                        Map.entry("schedule", 1L),
                        Map.entry("audit", 2L),
                        Map.entry("api_token", 1L),
                        Map.entry("confirmation", 1L)));
        return file.toByteArray();
    }

    @Test
    void what_was_backed_up_is_restored_whole_and_unfinished_builds_go_on() throws Exception {
        var going = fill();
        var file = backup();
        try (var restored = empty()) {
            restored.backup().restore(new ByteArrayInputStream(file));
            assertThat(restored.journal().list(BuildSelection.ALL, 10))
                    .isEqualTo(store.journal().list(BuildSelection.ALL, 10));
            for (var build : store.journal().list(BuildSelection.ALL, 10)) {
                assertThat(restored.journal().stageRuns(build.id(), 1))
                        .isEqualTo(store.journal().stageRuns(build.id(), 1));
                assertThat(restored.journal().facts(build.id()).all())
                        .containsExactlyElementsOf(
                                store.journal().facts(build.id()).all());
            }
            assertThat(restored.requests().list(RequestSelection.ALL, 100))
                    .isEqualTo(store.requests().list(RequestSelection.ALL, 100));
            assertThat(restored.journal().list(BuildSelection.ALL, 10))
                    .allSatisfy(build -> assertThat(restored.confirmations().of(build.id()))
                            .isEqualTo(store.confirmations().of(build.id())));
            assertThat(restored.logs(new ArtifactFolder(artifacts))
                            .read(going, 1, StageName.BUILD_IMAGE, 0, Duration.ZERO)
                            .text())
                    .isEqualTo("a line – of the log\n");
            var again = new ByteArrayOutputStream();
            restored.backup().backup(again);
            assertThat(lines(again.toByteArray()).stream().filter(line -> line.startsWith("{\"table")))
                    .containsExactlyInAnyOrderElementsOf(lines(file).stream()
                            .filter(line -> line.startsWith("{\"table"))
                            .toList());

            assertThat(restored.outbox().unsettled(10)).isEqualTo(store.outbox().unsettled(10));
            assertThat(restored.outbox().claim(List.of("mail"), T0, T0.plusSeconds(1), 10))
                    .hasSize(1)
                    .isEqualTo(store.outbox().claim(List.of("mail"), T0, T0.plusSeconds(1), 10));

            assertThat(restored.schedules().all()).isEqualTo(store.schedules().all());
            assertThat(restored.audit().list(10, null)).isEqualTo(store.audit().list(10, null));
            assertThat(restored.audit().verify(null).entries()).isEqualTo(2);
            assertThat(restored.tokens().find(TOKEN.digest())).hasValue(TOKEN);

            var carried = new LinkedBlockingQueue<BuildId>();
            restored.queue(carried::add, 1).start();
            assertThat(carried.poll(30, TimeUnit.SECONDS)).isEqualTo(going);
        }
    }

    @Test
    void a_database_with_rows_is_not_restored_into() throws Exception {
        fill();
        var file = backup();
        assertThatThrownBy(() -> store.backup().restore(new ByteArrayInputStream(file)))
                .isInstanceOf(StoreFailure.class)
                .hasMessageContaining("empty database only");
    }

    @Test
    void a_file_that_is_cut_off_changed_or_not_ours_restores_nothing() throws Exception {
        fill();
        var file = backup();
        var text = String.join("\n", lines(file)) + "\n";
        var withoutFirstFact = text.replaceFirst("\\{\"table\":\"fact\".*\n", "");
        try (var restored = empty()) {
            for (var bad : List.of(
                    Arrays.copyOf(file, file.length / 2),
                    zip(text.substring(0, text.lastIndexOf("{\"rows\""))),
                    zip(text.replace("anna", "evil")),
                    zip(withoutFirstFact),
                    zip(text.replace("\"version\":1", "\"version\":2")),
                    zip(text.replaceFirst("\"schema\":[0-9]+", "\"schema\":99999")),
                    zip("{\"table\":\"build; drop table build\",\"row\":{}}\n"),
                    zip("hello\n"),
                    "hello".getBytes(StandardCharsets.UTF_8),
                    new byte[0])) {
                assertThatThrownBy(() -> restored.backup().restore(new ByteArrayInputStream(bad)))
                        .isInstanceOf(StoreFailure.class)
                        .satisfies(e -> assertThat(((StoreFailure) e).mend()).isNotEmpty());
                assertThat(restored.journal().list(BuildSelection.ALL, 10)).isEmpty();
            }
        }
    }

    private static List<String> lines(byte[] file) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static byte[] zip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
