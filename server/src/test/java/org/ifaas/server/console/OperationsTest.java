package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ifaas.api.AuditView;
import org.ifaas.api.BuildView;
import org.ifaas.api.ErrorView;
import org.ifaas.api.NewTokenView;
import org.ifaas.api.TokenView;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.publish.Person;
import org.ifaas.server.api.Operation;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.Tokens;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/** Who may do what through the REST interface, and with which tokens. */
@ExtendWith(TestServer.Running.class)
class OperationsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    /** Viewer, requester, operator, publisher, region publisher, admin: + where the operation answers, - where it refuses. */
    private static final String WHO_MAY = """
            LIST_IMAGES         ++++-+
            LIST_BUILDS         ++++-+
            REQUEST_BUILD       -++--+
            SHOW_BUILD          ++++-+
            FOLLOW_BUILD        ++++-+
            READ_LOG            ++++-+
            FOLLOW_LOG          ++++-+
            CANCEL_BUILD        -++--+
            RETRY_BUILD         -++--+
            COMPARE_BUILDS      ++++-+
            LIST_ARTIFACTS      ++++-+
            DOWNLOAD_ARTIFACT   ++++-+
            KEEP_HOST           --+--+
            LIST_HOSTS          ++++-+
            LIST_REGIONS        ++++-+
            DESTROY_HOST        --+--+
            LIST_RELEASES       ++++-+
            VERIFY_RELEASE      ++++-+
            RESIGN_RELEASE      --+--+
            LIST_REQUESTS       ++++-+
            APPROVE_REQUEST     ---+-+
            REJECT_REQUEST      ---+-+
            LIST_PUBLICATIONS   ----++
            REPORT_PUBLICATION  ----++
            SHOW_CERTIFICATION  ++++-+
            CERTIFY             --+--+
            LIST_SCHEDULES      ++++-+
            PAUSE_SCHEDULE      --+--+
            RESUME_SCHEDULE     --+--+
            SHOW_STATISTICS     ++++-+
            DOWNLOAD_STATISTICS ++++-+
            FIND_CONSOLE        ++++-+
            MAKE_PASSWORD       -----+
            LIST_TOKENS         -----+
            CREATE_TOKEN        -----+
            REVOKE_TOKEN        -----+
            LIST_AUDIT          --+--+
            VERIFY_AUDIT        --+--+
            SHOW_METRICS        ++++-+
            SHOW_STATUS         ++++-+
            EXAMINE             --+--+
            BACKUP              -----+
            SHUT_DOWN           -----+
            DESCRIBE            ++++++
            """;

    private static final SettableClock CLOCK = new SettableClock(NOW);
    private static ConsoleServer server;
    private static Browser program;
    private static BuildId build;
    private static BuildId retried;

    @BeforeAll
    static void start() throws Exception {
        server = new ConsoleServer(CLOCK);
        program = server.browser();
        build = server.sample.succeeded("debian-12", NOW.minusSeconds(3600), 1, "base-files");
        retried = server.sample.succeeded("debian-13", NOW.minusSeconds(7200), 1, "base-files");
    }

    @AfterAll
    static void stop() {
        program.close();
        server.close();
    }

    private static String secret(String name, Set<Role> roles, Duration lifetime) {
        var region = roles.contains(Role.REGION_PUBLISHER) ? "region-a" : null;
        var wanted = new Tokens.Wanted(name, roles, ImagePatterns.ALL, region, lifetime);
        return server.tokens.create(wanted, new Person("owner")).orElseThrow().secret();
    }

    private static HttpResponse<String> ask(String token, String method, String path, String body) throws Exception {
        return program.send(program.request("/api/v1" + path)
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static <T> T read(HttpResponse<String> answer, Class<T> type) {
        return JsonMapper.shared().readValue(answer.body(), type);
    }

    private static ErrorView refused(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        var problem = read(answer, ErrorView.class);
        assertThat(problem.mend()).isNotBlank();
        return problem;
    }

    @Test
    void each_role_may_do_what_its_column_says_and_nothing_else() throws Exception {
        var expected = expected();
        assertThat(expected.keySet()).containsExactlyInAnyOrder(Operation.values());
        for (var role : Role.values()) {
            var token = secret("matrix." + role.slug(), Set.of(role), Duration.ofDays(1));
            for (var operation : Operation.values()) {
                var status = ask(token, operation.method(), path(operation), "").statusCode();
                assertThat(status).isNotEqualTo(401);
                assertThat(status != 403)
                        .as("%s by %s", operation, role)
                        .isEqualTo(expected.getOrDefault(operation, "").charAt(role.ordinal()) == '+');
            }
        }
    }

    private static Map<Operation, String> expected() {
        var lines = WHO_MAY.lines().map(line -> line.trim().split(" +"));
        return lines.collect(Collectors.toMap(line -> Operation.valueOf(line[0]), line -> line[1]));
    }

    private static String path(Operation operation) {
        return operation
                .path()
                .replace("{name}", "none")
                .replace("{host}", "none")
                .replace("{image}", "debian-12")
                .replace("{serial}", "latest")
                .replace("{id}", (operation == Operation.RETRY_BUILD ? retried : build).value())
                .replace("{build}", build.value())
                .replace("{other}", build.value())
                .replace("{stage}", "build-image")
                .replace("{step}", "scan");
    }

    @Test
    void what_a_program_decides_is_written_down_with_its_token() throws Exception {
        var token = secret("night-job", Set.of(Role.ADMIN), Duration.ofDays(1));
        ask(token, "POST", "/console/password", "");
        ask(token, "GET", "/backup", "");
        ask(token, "POST", "/shutdown", "");
        ask(ConsoleServer.API_TOKEN, "POST", "/console/password", "");
        assertThat(server.store.audit().list(1000, null))
                .extracting(entry -> entry.who() + " " + entry.action() + " " + entry.object() + entry.details())
                .contains(
                        "owner password-changed admin{by token=night-job}",
                        "owner backup-taken factory{by token=night-job}",
                        "owner shutdown-asked factory{by token=night-job}",
                        "anna password-changed admin{}");
    }

    @Test
    void nobody_gets_anything_without_a_token_that_is_known() throws Exception {
        for (var token : List.of("", "x", Tokens.PREFIX, Tokens.PREFIX + "A".repeat(43))) {
            for (var operation : Operation.values()) {
                assertThat(refused(ask(token, operation.method(), path(operation), ""), 401)
                                .field())
                        .isEqualTo("Authorization");
            }
            assertThat(ask(token, "GET", "/no-such-thing", "").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void what_is_no_operation_is_not_there_however_it_is_written() throws Exception {
        var token = secret("viewer", Set.of(Role.VIEWER), Duration.ofDays(1));
        for (var path : List.of(
                "/%74okens",
                "/builds/../tokens",
                "/builds/%2e%2e/tokens",
                "//tokens",
                "/tokens/",
                "/tokens;x=1",
                "/x/../tokens",
                "/builds/x%2F..%2F..%2Ftokens")) {
            assertThat(ask(token, "GET", path, "").statusCode()).as(path).isIn(400, 403, 404);
        }
        assertThat(ask(token, "POST", "/builds/" + build + "%2Fcancel", "").statusCode())
                .isIn(400, 403, 404);
        assertThat(ask(token, "OPTIONS", "/builds", "").statusCode()).isEqualTo(405);
        assertThat(ask(token, "GET", "/builds/", "").statusCode()).isEqualTo(200);
    }

    @Test
    void what_a_token_does_is_done_by_its_owner() throws Exception {
        var token = secret("ci", Set.of(Role.REQUESTER), Duration.ofDays(1));
        var asked = ask(token, "POST", "/builds", "{\"image\":\"debian-12\"}");
        assertThat(read(asked, BuildView.class).requester()).isEqualTo("owner");
        var local = ask(ConsoleServer.API_TOKEN, "POST", "/builds", "{\"image\":\"debian-12\",\"force\":true}");
        assertThat(read(local, BuildView.class).requester()).isEqualTo("anna");
    }

    @Test
    void a_token_is_made_shown_once_listed_used_and_revoked() throws Exception {
        var admin = ConsoleServer.API_TOKEN;
        var made = ask(
                admin,
                "POST",
                "/tokens",
                "{\"name\":\"robot\",\"roles\":[\"viewer\"],\"images\":[\"debian-*\",\"tiny\"],\"expires\":\"12h\"}");
        assertThat(made.statusCode()).isEqualTo(201);
        var created = read(made, NewTokenView.class);
        assertThat(created.secret()).matches("ifaas_[A-Za-z0-9_-]{43}");
        assertThat(created.token())
                .isEqualTo(new TokenView(
                        "robot",
                        "anna",
                        List.of("viewer"),
                        List.of("debian-*", "tiny"),
                        null,
                        "ACTIVE",
                        CLOCK.instant(),
                        CLOCK.instant().plus(Duration.ofHours(12)),
                        null,
                        null,
                        null));
        assertThat(refused(ask(admin, "POST", "/tokens", "{\"name\":\"robot\",\"roles\":[\"viewer\"]}"), 409)
                        .field())
                .isEqualTo("name");
        assertThat(ask(created.secret(), "GET", "/openapi.yaml", "").statusCode())
                .isEqualTo(200);

        var revoked = read(ask(admin, "DELETE", "/tokens/robot", ""), TokenView.class);
        assertThat(revoked.state()).isEqualTo("REVOKED");
        assertThat(revoked.revokedBy()).isEqualTo("anna");
        assertThat(revoked.used()).isEqualTo(CLOCK.instant());
        assertThat(refused(ask(created.secret(), "GET", "/openapi.yaml", ""), 401)
                        .detail())
                .startsWith("the token robot was revoked at ");
        refused(ask(admin, "DELETE", "/tokens/robot", ""), 404);

        var again =
                read(ask(admin, "POST", "/tokens", "{\"name\":\"robot\",\"roles\":[\"viewer\"]}"), NewTokenView.class);
        assertThat(again.token().expires()).isEqualTo(CLOCK.instant().plus(Duration.ofDays(90)));
        var listed = ask(admin, "GET", "/tokens", "");
        assertThat(read(listed, TokenView[].class)).contains(again.token(), revoked);
        assertThat(listed.body()).doesNotContain(again.secret(), created.secret());

        assertThat(read(ask(admin, "GET", "/audit?limit=3", ""), AuditView[].class))
                .extracting(entry -> entry.who() + " " + entry.action() + " " + entry.object())
                .containsExactly("anna token-created robot", "anna token-revoked robot", "anna token-created robot");
    }

    @Test
    void a_token_ends_when_it_was_said_to() throws Exception {
        var token = secret("short", Set.of(Role.VIEWER), Duration.ofMinutes(5));
        assertThat(ask(token, "GET", "/images", "").statusCode()).isEqualTo(200);
        CLOCK.forward(Duration.ofMinutes(5));
        assertThat(refused(ask(token, "GET", "/images", ""), 401).detail()).startsWith("the token short expired at ");
    }

    @Test
    void what_is_asked_wrongly_is_refused_with_its_name_and_the_mend() throws Exception {
        for (var wrong : Map.of(
                        "{}", "name",
                        "{'name':'A b','roles':['viewer']}", "name",
                        "{'name':'a'}", "roles",
                        "{'name':'a','roles':['root']}", "roles",
                        "{'name':'a','roles':['region-publisher','viewer'],'region':'region-a'}", "roles",
                        "{'name':'a','roles':['region-publisher']}", "region",
                        "{'name':'a','roles':['region-publisher'],'region':'region-z'}", "region",
                        "{'name':'a','roles':['viewer'],'region':'region-a'}", "region",
                        "{'name':'a','roles':['viewer'],'images':['a b']}", "images",
                        "{'name':'a','roles':['viewer'],'expires':'367d'}", "expires")
                .entrySet()) {
            var answer = ask(
                    ConsoleServer.API_TOKEN, "POST", "/tokens", wrong.getKey().replace('\'', '"'));
            assertThat(refused(answer, 400).field()).as(wrong.getKey()).isEqualTo(wrong.getValue());
        }
        for (var expires : List.of("0d", "-1d", "soon", "P1Y", "")) {
            var body = "{\"name\":\"a\",\"roles\":[\"viewer\"],\"expires\":\"" + expires + "\"}";
            assertThat(refused(ask(ConsoleServer.API_TOKEN, "POST", "/tokens", body), 400)
                            .field())
                    .isEqualTo("expires");
        }
    }
}
