package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.publish.Person;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.Tokens;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two who decide at the same time: one is too late, is told so, and has decided nothing. */
@ExtendWith(TestServer.Running.class)
class RacesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private ConsoleServer server;
    private Browser anna;
    private Browser bea;
    private String beas;
    private BuildId build;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(() -> NOW);
        anna = server.browser();
        bea = server.browser();
        var wanted = new Tokens.Wanted("bea", Set.of(Role.ADMIN), ImagePatterns.ALL, null, Duration.ofDays(1));
        beas = server.tokens.create(wanted, new Person("bea")).orElseThrow().secret();
        build = server.sample.succeeded("debian-12", NOW.minusSeconds(3600), 1, "base-files");
    }

    @AfterEach
    void stop() {
        anna.close();
        bea.close();
        server.close();
    }

    private static HttpResponse<String> post(Browser who, String token, String path, String body, String... headers)
            throws Exception {
        var request = who.request("/api/v1" + path)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return who.send(
                headers.length == 0 ? request.build() : request.headers(headers).build());
    }

    private HttpResponse<String> anna(String path, String body, String... headers) throws Exception {
        return post(anna, ConsoleServer.API_TOKEN, path, body, headers);
    }

    private HttpResponse<String> bea(String path, String body) throws Exception {
        return post(bea, beas, path, body);
    }

    private interface Ask {
        HttpResponse<String> ask() throws Exception;
    }

    /** The answer to the faster one is there when the slower one has been asked. */
    private AtomicReference<HttpResponse<String>> faster(Ask ask) {
        var answer = new AtomicReference<HttpResponse<String>>();
        server.decisions.faster(() -> {
            try {
                answer.set(ask.ask());
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        return answer;
    }

    private List<String> audited() {
        return server.store.audit().list(1000, null).stream()
                .map(AuditEntry::action)
                .filter(action -> !Set.of("token-created", "schedule-changed").contains(action))
                .toList();
    }

    @Test
    void whoever_rejects_what_was_approved_meanwhile_is_told_so() throws Exception {
        var approved = faster(() -> bea("/requests/" + build + "/approve", "{}"));
        var late = anna("/requests/" + build + "/reject", "{\"reason\":\"too big\"}");
        assertThat(approved.get().statusCode()).as(approved.get().body()).isEqualTo(200);
        assertThat(late.statusCode()).as(late.body()).isEqualTo(409);
        assertThat(late.body()).contains("somebody was faster: it is PUBLISHED by now", "Look at it again.");
        assertThat(audited()).containsExactly("published", "publication-approved");
    }

    @Test
    void whoever_approves_what_was_rejected_meanwhile_is_told_so() throws Exception {
        var rejected = faster(() -> anna("/requests/" + build + "/reject", "{\"reason\":\"too big\"}"));
        var late = bea("/requests/" + build + "/approve", "{}");
        assertThat(rejected.get().statusCode()).isEqualTo(200);
        assertThat(late.statusCode()).as(late.body()).isEqualTo(409);
        assertThat(late.body()).contains("it is REJECTED by now");
        assertThat(audited()).containsExactly("publication-rejected");
    }

    @Test
    void of_two_retries_one_takes_place() throws Exception {
        var retried = faster(() -> bea("/builds/" + build + "/retry", "{}"));
        var late = anna("/builds/" + build + "/retry", "{}");
        assertThat(retried.get().statusCode()).isEqualTo(200);
        assertThat(late.statusCode()).as(late.body()).isEqualTo(409);
        assertThat(late.body()).contains("has not ended", "Wait for its end");
        assertThat(audited()).containsExactly("build-retried");
        assertThat(server.store.journal().find(build).orElseThrow().attempt()).isEqualTo(2);
    }

    @Test
    void two_that_ask_for_a_build_with_one_key_get_the_same_one() throws Exception {
        Ask ask = () -> anna("/builds", "{\"image\":\"debian-12\"}", "Idempotency-Key", "once");
        var asked = faster(ask);
        var again = ask.ask();
        assertThat(asked.get().statusCode()).as(asked.get().body()).isEqualTo(201);
        assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
        assertThat(again.headers().firstValue("Location"))
                .isEqualTo(asked.get().headers().firstValue("Location"));
        assertThat(audited()).containsExactly("build-asked");
    }
}
