package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.ifaas.api.ArtifactView;
import org.ifaas.api.AuditView;
import org.ifaas.api.BuildView;
import org.ifaas.api.ErrorView;
import org.ifaas.api.HealthView;
import org.ifaas.api.LogView;
import org.ifaas.api.RegionView;
import org.ifaas.api.TokenView;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.server.api.OpenApiAnswers;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What the interface promises of all that it answers, and what programs ask it beside builds. */
@ExtendWith(TestServer.Running.class)
class InterfaceTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static ConsoleServer server;
    private static Browser browser;
    private static BuildId build;
    private static BuildId other;

    @BeforeAll
    static void start() throws Exception {
        server = new ConsoleServer(new SettableClock(NOW));
        browser = server.browser();
        build = server.sample.succeeded("debian-12", NOW.minusSeconds(3600), 1, "base-files");
        other = server.sample.succeeded("debian-13", NOW.minusSeconds(1800), 1, "base-files");
        server.artifacts.write("builds/" + build + "/evidence.txt", "0123456789");
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
    }

    private static HttpResponse<String> ask(String method, String path, String body, String... headers)
            throws Exception {
        var request = browser.request("/api/v1" + path).header("Authorization", "Bearer " + ConsoleServer.API_TOKEN);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        var answer = browser.send(request.method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(OpenApiAnswers.problem(method, "/api/v1" + path, described(answer)))
                .isNull();
        return answer;
    }

    private static OpenApiAnswers.Answer described(HttpResponse<String> answer) {
        return new OpenApiAnswers.Answer() {
            @Override
            public int status() {
                return answer.statusCode();
            }

            @Override
            public String header(String name) {
                return answer.headers().firstValue(name).orElse("");
            }

            @Override
            public String body() {
                return answer.body();
            }
        };
    }

    private static <T> T read(HttpResponse<String> answer, Class<T> type) {
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        return JsonMapper.shared().readValue(answer.body(), type);
    }

    @Test
    void regions_are_listed_with_whether_they_answer() throws Exception {
        assertThat(read(ask("GET", "/regions", ""), RegionView[].class))
                .extracting(RegionView::name, RegionView::available)
                .containsExactly(tuple("region-a", true), tuple("region-b", true));
    }

    @Test
    void what_stands_from_an_earlier_attempt_has_its_log_there() throws Exception {
        var again = server.sample.failed(
                "busybox", NOW.minusSeconds(900), StageName.TEST_IMAGE, Blame.CLOUD, "no server could be had");
        var journal = server.store.journal();
        journal.reopen(again, Set.of(), NOW);
        var lease = journal.take(again, NOW);
        journal.ended(lease, StageName.BUILD_IMAGE, StageState.SKIPPED, null, "stands", null, NOW);
        var first = ask("GET", "/builds/" + again + "/logs/build-image?attempt=1", "");
        assertThat(read(first, LogView.class).text()).isNotEmpty();
        assertThat(read(ask("GET", "/builds/" + again + "/logs/build-image", ""), LogView.class))
                .isEqualTo(read(first, LogView.class));
        assertThat(read(ask("GET", "/builds/" + again + "/logs/test-image", ""), LogView.class)
                        .text())
                .isEmpty();
    }

    private static String evidence() {
        return "/builds/" + build + "/artifact?key=builds/" + build + "/evidence.txt";
    }

    @Test
    void a_build_has_its_files_and_none_of_anothers() throws Exception {
        assertThat(read(ask("GET", "/builds/" + build + "/artifacts", ""), ArtifactView[].class))
                .contains(new ArtifactView("builds/" + build + "/evidence.txt", "evidence.txt", 10));
        assertThat(ask("GET", evidence(), "").body()).isEqualTo("0123456789");
        var others = evidence().replaceFirst(build.value(), other.value());
        assertThat(ask("GET", others, "").statusCode()).isEqualTo(404);
        for (var key :
                new String[] {"../../etc/passwd", "builds/" + build + "/../" + build + "/evidence.txt", "", "/"}) {
            var answer = ask("GET", "/builds/" + build + "/artifact?key=" + key, "");
            assertThat(answer.statusCode()).as(key).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=2-4,   206, 234,        bytes 2-4/10",
        "bytes=7-,    206, 789,        bytes 7-9/10",
        "bytes=-3,    206, 789,        bytes 7-9/10",
        "bytes=8-99,  206, 89,         bytes 8-9/10",
        "bytes=-99,   206, 0123456789, bytes 0-9/10",
        "'bytes=0-1,4-5', 200, 0123456789, ''",
        "bytes=4-2,   200, 0123456789, ''",
        "lines=1-2,   200, 0123456789, ''"
    })
    void a_part_of_a_file_can_be_asked_for(String range, int status, String content, String contentRange)
            throws Exception {
        var answer = ask("GET", evidence(), "", "Range", range);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(content);
        assertThat(answer.headers().firstValue("Content-Range").orElse("")).isEqualTo(contentRange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=99-100", "bytes=-0"})
    void a_part_behind_the_end_is_refused_with_the_size(String range) throws Exception {
        var answer = ask("GET", evidence(), "", "Range", range);
        assertThat(answer.statusCode()).isEqualTo(416);
        assertThat(answer.headers().firstValue("Content-Range")).hasValue("bytes */10");
    }

    @Test
    void health_is_told_to_everybody_and_says_nothing_else() throws Exception {
        var well = browser.get("/health");
        assertThat(well.statusCode()).isEqualTo(200);
        assertThat(read(well, HealthView.class)).isEqualTo(new HealthView(true, true));
        server.databaseAnswers = false;
        try {
            assertThat(browser.get("/health").statusCode()).isEqualTo(503);
            assertThat(browser.get("/health/live").statusCode()).isEqualTo(204);
        } finally {
            server.databaseAnswers = true;
        }
    }

    @Test
    void the_host_of_a_build_that_goes_on_can_be_kept() throws Exception {
        var id = BuildId.random();
        server.store.journal().create(id, Parameters.of("debian-12"), "anna", NOW);
        var path = "/builds/" + id + "/keep-host";
        assertThat(read(ask("POST", path, "{\"keepHost\":\"4h\"}"), BuildView.class)
                        .parameters()
                        .keepHost())
                .isEqualTo("PT4H");
        assertThat(read(ask("POST", path, ""), BuildView.class).parameters().keepHost())
                .isNull();
        assertThat(ask("POST", path, "{\"keepHost\":\"1s\"}").statusCode()).isEqualTo(400);
        assertThat(ask("POST", "/builds/" + build + "/keep-host", "{\"keepHost\":\"4h\"}")
                        .statusCode())
                .isEqualTo(409);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/images",
                "/builds",
                "/builds/BUILD",
                "/builds/BUILD/artifacts",
                "/builds/BUILD/logs/build-image",
                "/builds/BUILD/difference/BUILD",
                "/hosts",
                "/regions",
                "/releases",
                "/requests",
                "/certification/BUILD",
                "/schedules",
                "/statistics",
                "/statistics/csv",
                "/console",
                "/tokens",
                "/audit",
                "/audit/verify",
                "/status",
                "/doctor",
                "/openapi.yaml"
            })
    void what_has_not_changed_is_not_sent_again(String path) throws Exception {
        var where = path.replace("BUILD", build.value());
        var tag = ask("GET", where, "").headers().firstValue("ETag").orElseThrow();
        for (var known : new String[] {tag, "\"x\", " + tag, "W/" + tag, "*"}) {
            assertThat(ask("GET", where, "", "If-None-Match", known).statusCode())
                    .as(known)
                    .isEqualTo(304);
        }
        assertThat(ask("GET", where, "", "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
    }

    @Test
    void everything_that_is_wrong_with_a_build_is_said_at_once() throws Exception {
        var answer = ask(
                "POST",
                "/builds",
                "{\"image\":\"debain-12\",\"keepHost\":\"9x\",\"regions\":[\"nowhere\"],\"cloud\":\"none\",\"tomorrow\":1}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        var error = JsonMapper.shared().readValue(answer.body(), ErrorView.class);
        assertThat(error.errors())
                .extracting(ErrorView.Wrong::field)
                .containsExactlyInAnyOrder("image", "keepHost", "regions", "cloud", "tomorrow");
        assertThat(error.errors()).allSatisfy(wrong -> assertThat(wrong.mend()).isNotEmpty());
        var first = error.errors().getFirst();
        assertThat(new ErrorView.Wrong(error.detail(), error.field(), error.value(), error.mend()))
                .isEqualTo(first);
        assertThat(JsonMapper.shared()
                        .readValue(ask("GET", "/builds?limit=0", "").body(), ErrorView.class)
                        .errors())
                .isEmpty();
    }

    @Test
    void a_key_is_not_longer_than_it_is_said() throws Exception {
        var body = "{\"image\":\"debian-12\"}";
        assertThat(ask("POST", "/builds", body, "Idempotency-Key", "k".repeat(200))
                        .statusCode())
                .isEqualTo(201);
        assertThat(ask("POST", "/builds", body, "Idempotency-Key", "k".repeat(201))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void signing_anew_is_asked_for_once_by_its_key() throws Exception {
        var path = "/releases/debian-12/latest/resign";
        var first = ask("POST", path, "", "Idempotency-Key", "anew");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        assertThat(ask("POST", path, "", "Idempotency-Key", "anew").body()).isEqualTo(first.body());
        assertThat(ask("POST", path, "").statusCode()).isEqualTo(409);
        assertThat(ask("POST", "/releases/debian-13/latest/resign", "", "Idempotency-Key", "anew")
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void another_method_is_refused_with_those_that_there_are() throws Exception {
        var answer = ask("PUT", "/builds", "");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD, POST");
        assertThat(ask("DELETE", "/nothing", "").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> outside(String method, String path, String... headers) throws Exception {
        var request = browser.request(path);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return browser.send(
                request.method(method, HttpRequest.BodyPublishers.noBody()).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/builds", "/images", "/statistics/csv", "/openapi.yaml", "/nothing"})
    void head_is_answered_as_get_is_without_the_body(String path) throws Exception {
        var get = ask("GET", path, "");
        var head = ask("HEAD", path, "");
        assertThat(head.statusCode()).isEqualTo(get.statusCode());
        assertThat(head.body()).isEmpty();
        for (var header : new String[] {"ETag", "Content-Type", "Content-Length"}) {
            assertThat(head.headers().firstValue(header))
                    .as(header)
                    .isEqualTo(get.headers().firstValue(header));
        }
    }

    @Test
    void head_of_a_file_has_its_size() throws Exception {
        var head = ask("HEAD", evidence(), "");
        assertThat(head.statusCode()).as(head.body()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).hasValue("10");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void a_stream_has_no_head() throws Exception {
        for (var path : new String[] {"/builds/" + build + "/events", "/backup"}) {
            var answer = ask("HEAD", path, "");
            assertThat(answer.statusCode()).as(path).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
        }
    }

    @ParameterizedTest
    @CsvSource({"DELETE,/health,'GET, HEAD'", "POST,/health/live,'GET, HEAD'", "GET,/hooks/git,POST"})
    void what_needs_no_token_has_its_methods_as_well(String method, String path, String allowed) throws Exception {
        var answer = outside(method, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(outside("HEAD", "/health").statusCode()).isEqualTo(200);
    }

    @Test
    void who_is_not_known_is_told_how_to_say_who_he_is() throws Exception {
        var answer = outside("GET", "/api/v1/builds");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(outside("GET", "/api/v1/builds", "Authorization", "bearer " + ConsoleServer.API_TOKEN)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"text/plain,415", "application/x-www-form-urlencoded,415", "Application/JSON; charset=utf-8,404"})
    void a_body_that_says_that_it_is_no_json_is_not_read(String type, int status) throws Exception {
        var answer = ask("POST", "/schedules/nothing/pause", "{\"reason\":\"a\"}", "Content-Type", type);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(ask("POST", "/builds", "{}", "Content-Type", type).statusCode())
                .isEqualTo(status == 415 ? 415 : 400);
    }

    @Test
    void an_encoding_that_is_not_decoded_is_named() throws Exception {
        var answer = ask("POST", "/builds", "{}", "Content-Encoding", "br");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(415);
        var error = JsonMapper.shared().readValue(answer.body(), ErrorView.class);
        assertThat(error.field()).isEqualTo("Content-Encoding");
        assertThat(error.value()).isEqualTo("br");
    }

    @Test
    void what_is_asked_of_another_state_than_there_is_is_not_done() throws Exception {
        var waits = server.sample.queued("busybox", NOW);
        var path = "/builds/" + waits;
        var tag = ask("GET", path, "").headers().firstValue("ETag").orElseThrow();
        assertThat(ask("GET", path, "", "If-Match", tag).statusCode()).isEqualTo(200);
        assertThat(ask("GET", path, "", "If-Match", "*").statusCode()).isEqualTo(200);
        for (var other : new String[] {"\"x\"", "W/" + tag}) {
            var answer = ask("GET", path, "", "If-Match", other);
            assertThat(answer.statusCode()).isEqualTo(412);
            var error = JsonMapper.shared().readValue(answer.body(), ErrorView.class);
            assertThat(error.field()).isEqualTo("If-Match");
            assertThat(error.value()).isEqualTo(other);
        }
        assertThat(ask("POST", path + "/cancel", "", "If-Match", tag).statusCode())
                .isEqualTo(412);
        assertThat(ask("GET", path, "").body()).contains("QUEUED");
        assertThat(ask("GET", evidence(), "", "Range", "bytes=0-3", "If-Range", "\"x\"")
                        .body())
                .isEqualTo("0123456789");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"attempt":-1}   | attempt
            {"attempt":2}    | attempt
            {"attempt":1.5}  | attempt
            {"from":"nope"}  | from
            """)
    void an_attempt_or_a_stage_that_is_none_is_not_tried_again(String body, String field) throws Exception {
        var answer = ask("POST", "/builds/" + other + "/retry", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(JsonMapper.shared().readValue(answer.body(), ErrorView.class).field())
                .isEqualTo(field);
    }

    @Test
    void an_event_that_is_none_is_named_as_it_was_given() throws Exception {
        var answer = ask("GET", "/builds/" + build + "/logs/build-image/events", "", "Last-Event-ID", "x");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JsonMapper.shared().readValue(answer.body(), ErrorView.class).field())
                .isEqualTo("Last-Event-ID");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/builds?state=foo",
                "/releases?state=foo",
                "/requests?state=foo",
                "/builds?cursor=zzzzzzzz",
                "/releases?cursor=zzzzzzzz",
                "/requests?cursor=zzzzzzzz"
            })
    void a_state_or_cursor_that_is_none_is_refused(String path) throws Exception {
        assertThat(ask("GET", path, "").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/images",
                "/builds",
                "/hosts",
                "/regions",
                "/releases",
                "/requests",
                "/certification/BUILD",
                "/publications?region=west",
                "/schedules",
                "/statistics",
                "/statistics/csv",
                "/console",
                "/tokens",
                "/audit",
                "/audit/verify",
                "/metrics",
                "/status",
                "/doctor",
                "/openapi.yaml",
                "/builds/BUILD",
                "/builds/BUILD/artifacts",
                "/builds/BUILD/difference/OTHER",
                "/builds/nothing",
                "/builds?limit=0",
                "/nothing"
            })
    void answers_are_as_they_are_described(String path) throws Exception {
        ask("POST", "/schedules/debian-12/resume", "");
        ask("GET", path.replace("BUILD", build.value()).replace("OTHER", other.value()), "");
    }

    @Test
    void tokens_and_decisions_are_read_in_pages() throws Exception {
        for (var name : new String[] {"one", "two", "three"}) {
            ask("POST", "/tokens", "{\"name\":\"" + name + "\",\"roles\":[\"viewer\"]}");
        }
        var all = Set.of("one", "two", "three");
        assertThat(pages("/tokens", TokenView[].class, TokenView::name)).containsAll(all);
        assertThat(pages("/audit", AuditView[].class, AuditView::object)).containsAll(all);
        assertThat(ask("GET", "/tokens?cursor=x", "").statusCode()).isEqualTo(400);
    }

    /** One by one. */
    private static <V> List<String> pages(String list, Class<V[]> type, Function<V, String> name) throws Exception {
        var names = new ArrayList<String>();
        var next = "?limit=1";
        while (!next.isEmpty()) {
            var answer = ask("GET", list + next, "");
            var page = read(answer, type);
            assertThat(page).hasSize(1);
            names.add(name.apply(page[0]));
            var link = answer.headers().firstValue("Link").orElse("");
            next = link.isEmpty() ? "" : link.substring(1, link.indexOf('>'));
        }
        return names;
    }
}
