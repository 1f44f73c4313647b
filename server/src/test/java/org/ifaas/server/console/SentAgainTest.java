package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.publish.Person;
import org.ifaas.factory.signing.Sha256;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.Tokens;
import org.ifaas.store.TestServer;
import org.ifaas.store.answer.Carried;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.Sql;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests with a key that come twice, because nobody heard the first answer. */
@ExtendWith(TestServer.Running.class)
class SentAgainTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private SettableClock clock;
    private ConsoleServer server;
    private Browser program;
    private BuildId build;

    @BeforeEach
    void start() throws Exception {
        clock = new SettableClock(NOW);
        server = new ConsoleServer(clock);
        program = server.browser();
        build = server.sample.succeeded("debian-12", NOW.minusSeconds(3600), 1, "base-files");
    }

    @AfterEach
    void stop() {
        program.close();
        server.close();
    }

    private HttpResponse<String> ask(String token, String method, String path, String body, String key)
            throws Exception {
        return program.send(program.request("/api/v1" + path)
                .header("Authorization", "Bearer " + token)
                .header("Idempotency-Key", key)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> ask(String method, String path, String body, String key) throws Exception {
        return ask(ConsoleServer.API_TOKEN, method, path, body, key);
    }

    private long audited(String action) {
        return server.store.audit().list(1000, null).stream()
                .map(AuditEntry::action)
                .filter(action::equals)
                .count();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | /schedules/debian-12/pause  | {"reason":"a"} | schedule-paused
            POST   | /schedules/debian-12/resume | {}             | schedule-resumed
            POST   | /builds/BUILD/retry         | {}             | build-retried
            POST   | /requests/BUILD/reject      | {"reason":"a"} | publication-rejected
            """)
    void what_was_done_is_not_done_again_and_is_answered_as_it_was(
            String method, String path, String body, String action) throws Exception {
        var where = path.replace("BUILD", build.value());
        var first = ask(method, where, body, "once");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        var second = ask(method, where, body, "once");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Content-Type"))
                .isEqualTo(first.headers().firstValue("Content-Type"));
        assertThat(audited(action)).isEqualTo(1);
    }

    @Test
    void a_key_is_for_one_request() throws Exception {
        ask("POST", "/schedules/debian-12/pause", "{\"reason\":\"a\"}", "once");
        for (var other : new String[][] {
            {"/schedules/debian-12/pause", "{\"reason\":\"b\"}"},
            {"/schedules/debian-12/pause?x=1", "{\"reason\":\"a\"}"},
            {"/schedules/debian-12/resume", "{\"reason\":\"a\"}"}
        }) {
            var answer = ask("POST", other[0], other[1], "once");
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.body()).contains("Idempotency-Key", "used for another request", "a new one for another");
        }
    }

    @Test
    void anothers_key_is_another() throws Exception {
        var wanted = new Tokens.Wanted("other", Set.of(Role.OPERATOR), ImagePatterns.ALL, null, Duration.ofDays(1));
        var token =
                server.tokens.create(wanted, new Person("bea")).orElseThrow().secret();
        ask("POST", "/schedules/debian-12/pause", "{\"reason\":\"a\"}", "once");
        assertThat(ask(token, "POST", "/schedules/debian-12/resume", "", "once").statusCode())
                .isEqualTo(200);
    }

    @Test
    void who_may_not_ask_any_more_is_not_answered_from_before() throws Exception {
        var operator = new Tokens.Wanted("one", Set.of(Role.OPERATOR), ImagePatterns.ALL, null, Duration.ofDays(1));
        var secret =
                server.tokens.create(operator, new Person("bea")).orElseThrow().secret();
        assertThat(ask(secret, "POST", "/schedules/debian-12/resume", "", "once")
                        .statusCode())
                .isEqualTo(200);
        server.tokens.revoke("one", "anna");
        assertThat(ask(secret, "POST", "/schedules/debian-12/resume", "", "once")
                        .statusCode())
                .isEqualTo(401);
        var viewer = new Tokens.Wanted("one", Set.of(Role.VIEWER), ImagePatterns.ALL, null, Duration.ofDays(1));
        var less = server.tokens.create(viewer, new Person("bea")).orElseThrow().secret();
        assertThat(ask(less, "POST", "/schedules/debian-12/resume", "", "once").statusCode())
                .isEqualTo(403);
    }

    @Test
    void what_was_refused_may_be_sent_again() throws Exception {
        var path = "/builds/" + build + "/keep-host";
        assertThat(ask("POST", path, "{\"keepHost\":\"long\"}", "once").statusCode())
                .isEqualTo(400);
        assertThat(ask("POST", "/schedules/debian-12/pause", "", "once").statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_secret_is_answered_once_and_kept_nowhere() throws Exception {
        var body = "{\"name\":\"ci\",\"roles\":[\"viewer\"]}";
        var first = ask("POST", "/tokens", body, "once");
        assertThat(first.statusCode()).isEqualTo(201);
        var second = ask("POST", "/tokens", body, "once");
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(second.body())
                .contains("was carried out", "shown once", "revoke")
                .doesNotContain("secret\":");
        assertThat(audited("token-created")).isEqualTo(1);
    }

    @Test
    void a_token_is_revoked_once() throws Exception {
        ask("POST", "/tokens", "{\"name\":\"ci\",\"roles\":[\"viewer\"]}", "make");
        var first = ask("DELETE", "/tokens/ci", "", "once");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(ask("DELETE", "/tokens/ci", "", "once").body()).isEqualTo(first.body());
        assertThat(ask("DELETE", "/tokens/ci", "", "another").statusCode()).isEqualTo(404);
    }

    @Test
    void one_that_is_being_carried_out_is_not_begun_again() throws Exception {
        var asked = Sha256.of("POST\n/api/v1/schedules/debian-12/resume\n\n");
        assertThat(server.store.answers(Duration.ofDays(1)).begin("anna", "once", asked, NOW))
                .isInstanceOf(Carried.class);
        var answer = ask("POST", "/schedules/debian-12/resume", "", "once");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("is being carried out", "Send it again in a moment.");
        assertThat(audited("schedule-resumed")).isZero();
    }

    private void nodeDiesBeforeItHasAnswered() {
        new Sql(Address.of(server.database).dataSource())
                .write(handle ->
                        handle.execute("update answer set status = null, type = null, location = null, body = null"));
    }

    @Test
    void one_whose_node_died_before_it_took_effect_is_carried_out() throws Exception {
        var asked = Sha256.of("POST\n/api/v1/schedules/debian-12/resume\n\n");
        var slow = (Carried) server.store.answers(Duration.ofDays(1)).begin("anna", "once", asked, NOW);
        clock.forward(Duration.ofMinutes(3));
        assertThat(ask("POST", "/schedules/debian-12/resume", "", "once").statusCode())
                .isEqualTo(200);
        assertThat(audited("schedule-resumed")).isEqualTo(1);
        assertThat(slow.takesEffect())
                .as("the node that was taken for dead goes on")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | /schedules/debian-12/pause  | {"reason":"a"}                       | schedule-paused
            POST   | /builds/BUILD/retry         | {}                                   | build-retried
            POST   | /requests/BUILD/reject      | {"reason":"a"}                       | publication-rejected
            POST   | /console/password           |                                      | password-changed
            POST   | /tokens                     | {"name":"ci","roles":["viewer"]}     | token-created
            """)
    void one_whose_node_died_after_that_is_not_begun_again(String method, String path, String body, String action)
            throws Exception {
        var where = path.replace("BUILD", build.value());
        var sent = body == null ? "" : body;
        assertThat(ask(method, where, sent, "once").statusCode()).isLessThan(300);
        nodeDiesBeforeItHasAnswered();
        assertThat(ask(method, where, sent, "once").body()).contains("is being carried out");
        clock.forward(Duration.ofMinutes(3));
        var late = ask(method, where, sent, "once");
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("has taken effect, and its answer is lost", "See what came of it");
        assertThat(audited(action)).isEqualTo(1);
    }

    @Test
    void what_failed_after_it_took_effect_is_answered_as_it_was() throws Exception {
        var path = "/hosts/" + OneHost.NAME;
        server.host.stuck = true;
        var first = ask("DELETE", path, "", "once");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(500);
        server.host.stuck = false;
        assertThat(ask("DELETE", path, "", "once").body()).isEqualTo(first.body());
        assertThat(audited("host-destroyed")).isEqualTo(1);
        assertThat(ask("DELETE", path, "", "another").statusCode()).isEqualTo(200);
    }

    @Test
    void a_key_has_an_end() throws Exception {
        assertThat(ask("POST", "/schedules/debian-12/resume", "", "k".repeat(200))
                        .statusCode())
                .isEqualTo(200);
        assertThat(ask("POST", "/schedules/debian-12/resume", "", "k".repeat(201))
                        .statusCode())
                .isEqualTo(400);
    }
}
