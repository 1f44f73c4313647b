package org.ifaas.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ifaas.api.AuditVerdict;
import org.ifaas.api.AuditView;
import org.ifaas.api.ScheduleView;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.schedule.Declared;
import org.ifaas.factory.schedule.InMemorySchedules;
import org.ifaas.factory.schedule.SchedulePolicy;
import org.ifaas.factory.schedule.Scheduling;
import org.ifaas.factory.schedule.Timing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Schedules and the audit log as the interface shows them. */
class ScheduleRoutesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Declared TINY =
            new Declared("tiny", new Timing("0 * * * *", ZoneId.of("UTC"), Duration.ofMinutes(5)), "shipped");

    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryAuditLog audit = new InMemoryAuditLog(() -> NOW);
    private final HttpClient client = HttpClient.newHttpClient();
    private Api api;

    /** Only schedules are listed. */
    @SuppressWarnings({"NullAway", "DataFlowIssue"})
    @BeforeEach
    void start() {
        var scheduling = new Scheduling(
                new InMemorySchedules(journal, audit),
                journal,
                build -> {},
                (timing, after) -> Optional.of(after.plus(Duration.ofHours(1))),
                List.of(TINY),
                SchedulePolicy.defaults(),
                audit,
                () -> NOW);
        scheduling.follow(List.of(), Set.of());
        var lists = new Lists(null, journal, null, scheduling, null, null);
        api = Api.start(
                0,
                Callers.local("token", "anna"),
                Map.of("/schedules", new ScheduleRoutes(scheduling, lists), "/audit", new AuditRoutes(audit)));
    }

    @AfterEach
    void stop() {
        api.close();
        client.close();
    }

    private HttpResponse<String> ask(String method, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/api/v1" + path))
                        .header("Authorization", "Bearer token")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private <T> T read(HttpResponse<String> answer, Class<T> type) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return JsonMapper.shared().readValue(answer.body(), type);
    }

    @Test
    void aScheduleIsListedWithItsRunsOfTheNextWeek() throws Exception {
        assertThat(read(ask("GET", "/schedules", ""), ScheduleView[].class))
                .singleElement()
                .satisfies(schedule -> {
                    assertThat(schedule.image()).isEqualTo("tiny");
                    assertThat(schedule.state()).isEqualTo("ACTIVE");
                    assertThat(schedule.jitterSeconds()).isEqualTo(300);
                    assertThat(schedule.runs()).hasSizeBetween(167, 168).startsWith(schedule.next());
                });
    }

    @Test
    void whoPausesAndResumesItIsSaidAndWrittenDown() throws Exception {
        var paused = read(ask("POST", "/schedules/tiny/pause", "{\"reason\":\"moving\"}"), ScheduleView.class);
        assertThat(paused.state()).isEqualTo("PAUSED");
        assertThat(paused.pausedBy()).isEqualTo("anna");
        assertThat(paused.reason()).isEqualTo("moving");
        assertThat(paused.next()).isNull();
        assertThat(read(ask("POST", "/schedules/tiny/resume", ""), ScheduleView.class)
                        .state())
                .isEqualTo("ACTIVE");
        assertThat(read(ask("GET", "/audit?limit=2", ""), AuditView[].class))
                .extracting(AuditView::action)
                .containsExactly("schedule-resumed", "schedule-paused");
    }

    @Test
    void aScheduleThatIsNotThereIsRefused() throws Exception {
        assertThat(ask("POST", "/schedules/other/pause", "{}").statusCode()).isEqualTo(404);
        assertThat(ask("POST", "/schedules/tiny/pause", "{\"why\":1}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void theAuditLogIsProvedAndPagedThrough() throws Exception {
        audit.record("anna", "x", "y", Map.of());
        var verdict = read(ask("GET", "/audit/verify", ""), AuditVerdict.class);
        assertThat(verdict.whole()).isTrue();
        assertThat(verdict.entries()).isEqualTo(2);
        assertThat(read(ask("GET", "/audit/verify?head=" + verdict.head(), ""), AuditVerdict.class)
                        .whole())
                .isTrue();
        assertThat(read(ask("GET", "/audit/verify?head=" + "0".repeat(64), ""), AuditVerdict.class)
                        .whole())
                .isFalse();
        assertThat(ask("GET", "/audit/verify?head=zz", "").statusCode()).isEqualTo(400);
        assertThat(read(ask("GET", "/audit?before=2", ""), AuditView[].class))
                .extracting(AuditView::number)
                .containsExactly(1L);
        assertThat(ask("GET", "/audit?before=-1", "").statusCode()).isEqualTo(400);
    }
}
