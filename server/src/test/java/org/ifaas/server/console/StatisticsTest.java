package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.ifaas.api.StatisticsView;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.server.login.Role;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/** Three builds of 376, 376 and 752 seconds that succeeded, and one that failed in its tests. */
@ExtendWith(TestServer.Running.class)
class StatisticsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private ConsoleServer server;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(new SettableClock(NOW));
        browser = server.signedIn(Role.VIEWER);
        server.sample.succeeded("debian-12", NOW.minus(Duration.ofDays(20)), 1, "base-files");
        server.sample.succeeded("debian-12", NOW.minus(Duration.ofDays(9)), 1, "base-files");
        server.sample.succeeded("debian-12", NOW.minus(Duration.ofDays(2)), 2, "base-files");
        server.sample.failed(
                "debian-12", NOW.minus(Duration.ofDays(1)), StageName.TEST_IMAGE, Blame.IMAGE, "a test failed");
    }

    @AfterEach
    void stop() {
        browser.close();
        server.close();
    }

    private String api(String path) throws Exception {
        var answer = browser.send(browser.request("/api/v1" + path)
                .header("Authorization", "Bearer " + ConsoleServer.API_TOKEN)
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void what_was_asked_for_in_vain_says_nothing_of_the_image() throws Exception {
        server.sample.failed("debian-12", NOW.minusSeconds(600), StageName.INITIALIZE, Blame.REQUEST, "no such ref");
        var image = JsonMapper.shared()
                .readValue(api("/statistics"), StatisticsView.class)
                .images()
                .getFirst();
        assertThat(image.successRate()).isEqualTo(0.75);
    }

    @Test
    void the_page_says_how_old_its_figures_are() throws Exception {
        assertThat(browser.get("/statistics?days=90").body()).contains("as of 2026-11-24 12:00:00 UTC");
    }

    @Test
    void an_image_has_its_count_success_rate_percentiles_queue_wait_and_slowest_stage() throws Exception {
        var view = JsonMapper.shared().readValue(api("/statistics"), StatisticsView.class);
        assertThat(view.images()).hasSize(1);
        var image = view.images().getFirst();
        assertThat(image.builds()).isEqualTo(4);
        assertThat(image.failed()).isEqualTo(1);
        assertThat(image.successRate()).isEqualTo(0.75);
        assertThat(image.p50()).isEqualTo(376);
        assertThat(image.p95()).isCloseTo(376 + 0.9 * 376, within(0.001));
        assertThat(image.waitP50()).isEqualTo(3);
        assertThat(image.slowestStage()).isEqualTo("test-image");
    }

    @Test
    void a_stage_has_its_runs_and_a_failure_its_blame() throws Exception {
        var view = JsonMapper.shared().readValue(api("/statistics"), StatisticsView.class);
        var tests = view.stages().stream()
                .filter(stage -> stage.stage().equals("test-image"))
                .findFirst()
                .orElseThrow();
        assertThat(tests.runs()).isEqualTo(4);
        assertThat(tests.failed()).isEqualTo(1);
        assertThat(tests.p50()).isEqualTo(200);
        assertThat(view.blame()).containsExactly(new StatisticsView.Blame("debian-12", "test-image", "IMAGE", 1));
        assertThat(view.weeks()).extracting(StatisticsView.Week::week).isSorted();
    }

    @Test
    void a_stage_has_its_trend_by_week() throws Exception {
        var view = JsonMapper.shared().readValue(api("/statistics"), StatisticsView.class);
        assertThat(view.stageWeeks())
                .filteredOn(week -> week.stage().equals("test-image"))
                .extracting(
                        StatisticsView.StageWeek::week,
                        StatisticsView.StageWeek::runs,
                        StatisticsView.StageWeek::failed,
                        StatisticsView.StageWeek::p50)
                .containsExactly(
                        tuple(Instant.parse("2026-11-02T00:00:00Z"), 1, 0, 200.0),
                        tuple(Instant.parse("2026-11-09T00:00:00Z"), 1, 0, 200.0),
                        tuple(Instant.parse("2026-11-16T00:00:00Z"), 1, 0, 400.0),
                        tuple(Instant.parse("2026-11-23T00:00:00Z"), 1, 1, 0.0));
        assertThat(api("/statistics/csv")).contains("debian-12,test-image,1,0,,400.000,,,,1,,2026-11-16,,,\r\n");
        assertThat(browser.get("/statistics").body())
                .contains(
                        "Median time of test-image of debian-12 by week",
                        "Median time of clean-up of debian-12 by week");
    }

    @Test
    void after_a_retry_the_time_of_all_attempts_counts_and_the_wait_before_the_first() throws Exception {
        var id = server.sample.failed(
                "busybox", NOW.minus(Duration.ofHours(9)), StageName.TEST_IMAGE, Blame.CLOUD, "no room");
        var before = Duration.between(
                        server.store.journal().find(id).orElseThrow().started(),
                        server.store.journal().find(id).orElseThrow().ended())
                .toSeconds();
        var again = NOW.minus(Duration.ofHours(1));
        server.store.journal().reopen(id, Set.of(), again);
        var lease = server.store.journal().take(id, again);
        server.store.journal().start(lease, StageName.TEST_IMAGE, again);
        server.store
                .journal()
                .ended(lease, StageName.TEST_IMAGE, StageState.DONE, null, null, null, again.plusSeconds(7));
        server.store.journal().end(lease, BuildState.SUCCEEDED, null, again.plusSeconds(7));
        var view = JsonMapper.shared().readValue(api("/statistics"), StatisticsView.class);
        var image = view.images().stream()
                .filter(one -> one.image().equals("busybox"))
                .findFirst()
                .orElseThrow();
        // It had ended a second after its last stage.
        assertThat(image.p50()).isEqualTo(before - 1 + 7);
        assertThat(image.waitP50()).isEqualTo(1);
    }

    @Test
    void hosts_have_hours_by_image_and_kind() throws Exception {
        var view = JsonMapper.shared().readValue(api("/statistics"), StatisticsView.class);
        assertThat(view.hosts())
                .extracting(StatisticsView.Hosts::image, StatisticsView.Hosts::kind)
                .containsOnly(tuple("debian-12", "CONTAINER"));
        assertThat(view.hosts().getFirst().hosts()).isEqualTo(1);
        assertThat(view.hosts().getFirst().hours()).isCloseTo(374 / 3600.0, within(0.0001));
        assertThat(browser.get("/statistics").body()).contains("Build hosts", "Hours of container hosts for debian-12");
    }

    @Test
    void only_the_days_that_were_asked_for_count() throws Exception {
        var view = JsonMapper.shared().readValue(api("/statistics?days=7"), StatisticsView.class);
        assertThat(view.images().getFirst().builds()).isEqualTo(2);
    }

    @Test
    void the_table_is_for_spreadsheets() throws Exception {
        assertThat(api("/statistics/csv"))
                .startsWith("image,stage,count,failed,success_rate,p50_seconds")
                .contains("debian-12,,4,1,0.750,376.000")
                .contains("debian-12,test-image,4,1,0.750,200.000")
                .contains(",3,test-image,,,,\r\n", "debian-12,test-image,1,,,,,,,,,,IMAGE,,\r\n")
                .contains("debian-12,,1,0,,376.000,,,,1,,2026-11-02,,,\r\n")
                .contains("debian-12,,1,,,,,,,,,2026-11-02,,CONTAINER,0.104\r\n");
        assertThat(browser.get("/statistics.csv?days=30").body()).isEqualTo(api("/statistics/csv"));
    }

    @Test
    void the_page_shows_the_same() throws Exception {
        assertThat(browser.get("/statistics").body())
                .contains("75 %", "6:16", "test-image", "Median build time of debian-12 by week", "To blame");
    }

    @Test
    void prometheus_reads_metrics_of_builds_and_stages() throws Exception {
        assertThat(browser.get("/metrics").body())
                .contains("# TYPE ifaas_builds gauge", "ifaas_builds{image=\"debian-12\",state=\"SUCCEEDED\"} 3")
                .contains(
                        "ifaas_stage_runs_total{image=\"debian-12\",stage=\"test-image\",state=\"FAILED\",blame=\"IMAGE\"} 1")
                .contains(
                        "ifaas_publication_requests{state=\"PENDING\"} 3",
                        "ifaas_hosts{kind=\"CONTAINER\",cloud=\"\"} 1")
                .contains(
                        "ifaas_build_seconds{image=\"debian-12\",quantile=\"0.5\"} 376",
                        "ifaas_queue_wait_seconds{image=\"debian-12\",quantile=\"0.95\"} 3",
                        "ifaas_stage_seconds{image=\"debian-12\",stage=\"test-image\",quantile=\"0.5\"} 200",
                        "ifaas_outbox{state=\"unsettled\"} ",
                        "ifaas_outbox{state=\"waiting\"} 0",
                        "ifaas_outbox_oldest_seconds ")
                .contains("ifaas_sessions 1")
                .matches("(?s)(# (HELP|TYPE) [^\\n]+\\n|[a-z_]+(\\{[^\\n]*\\})? -?[0-9.]+\\n)+");
    }
}
