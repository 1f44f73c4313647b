package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.publish.Person;
import org.ifaas.factory.publish.RequestSelection;
import org.ifaas.factory.schedule.Declared;
import org.ifaas.factory.schedule.Timing;
import org.ifaas.server.api.Operation;
import org.ifaas.server.login.Account;
import org.ifaas.server.login.Grant;
import org.ifaas.server.login.Right;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.Tokens;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whose role is limited to some images finds nothing of the others, whatever the role. */
@ExtendWith(TestServer.Running.class)
class LimitedTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String OWN = "debian-12";
    private static final String OTHER = "debian-13";
    /** The build of the one host that there is. */
    private static final String WAITING = "k3f9x2ma";

    private static final ImagePatterns TWELVE = new ImagePatterns(Set.of("debian-12*"));

    private static ConsoleServer server;
    private static Browser browser;
    private static String token;
    private static String own;
    private static String other;

    @BeforeAll
    static void start() throws Exception {
        server = new ConsoleServer(new SettableClock(NOW));
        own = server.sample
                .succeeded(OWN, NOW.minusSeconds(3600), 1, "base-files")
                .value();
        other = server.sample
                .succeeded(OTHER, NOW.minusSeconds(7200), 1, "base-files")
                .value();
        server.store.journal().create(new BuildId(WAITING), Parameters.of(OTHER), "anna", NOW);
        var hourly = new Timing("0 * * * *", ZoneId.of("UTC"), Duration.ZERO);
        server.store.schedules().put(new Declared(OTHER, hourly, "shipped"), null);
        token = token("limited", TWELVE);
        browser = server.browser();
        browser.holds(cookie(Set.of(new Grant(Role.ADMIN, TWELVE))));
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
    }

    private static String token(String name, ImagePatterns images) {
        var wanted = new Tokens.Wanted(name, Set.of(Role.ADMIN), images, null, null);
        return server.tokens.create(wanted, new Person("owner")).orElseThrow().secret();
    }

    private static String cookie(Set<Grant> grants) {
        return "ifaas=" + server.sessions.begin(new Account("lea", grants, null));
    }

    private static HttpResponse<String> ask(String method, String path, String body) throws Exception {
        return browser.send(browser.request("/api/v1" + path)
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static HttpResponse<String> open(String method, String path, String... form) throws Exception {
        return method.equals("GET") ? browser.get(path) : browser.post(path, form);
    }

    private static boolean namesSomething(String path) {
        return Stream.of("{id}", "{build}", "{other}", "{image}", "{host}").anyMatch(path::contains);
    }

    /** Each way to name what is of the other image, with the rest of the account's own; null where nothing is named. */
    private static List<String> paths(String path, String image, String build, String host) {
        BiFunction<String, String, String> with = (name, value) -> path.replace(name, value)
                .replace("{id}", own)
                .replace("{build}", own)
                .replace("{other}", own)
                .replace("{image}", OWN)
                .replace("{serial}", "latest")
                .replace("{stage}", "build-image")
                .replace("{step}", "scan");
        return Stream.of(
                        Arrays.asList("{id}", build),
                        Arrays.asList("{build}", build),
                        Arrays.asList("{other}", build),
                        Arrays.asList("{image}", image),
                        Arrays.asList("{host}", host))
                .filter(pair -> path.contains(pair.getFirst()))
                .map(pair -> with.apply(pair.getFirst(), pair.getLast()))
                .toList();
    }

    @Test
    void what_is_of_another_image_is_not_there_in_the_interface() throws Exception {
        for (var operation : Operation.values()) {
            var others = paths(operation.path(), OTHER, other, OneHost.NAME);
            var nothings = paths(operation.path(), "none", "zzzzzzzz", "none");
            assertThat(others.isEmpty()).isEqualTo(!namesSomething(operation.path()));
            for (int i = 0; i < others.size(); i++) {
                var answer = ask(operation.method(), others.get(i), "{}");
                assertThat(answer.statusCode())
                        .as("%s %s", operation, others.get(i))
                        .isEqualTo(404);
                var nothing = ask(operation.method(), nothings.get(i), "{}");
                assertThat(answer.body().replace(other, "?").replace(OTHER, "?").replace(OneHost.NAME, "?"))
                        .isEqualTo(nothing.body().replace("zzzzzzzz", "?").replace("none", "?"));
            }
        }
        assertThat(ask("GET", "/builds/" + WAITING.substring(0, 4), "").statusCode())
                .isEqualTo(404);
        assertThat(ask("POST", "/builds", "{\"image\":\"" + OTHER + "\"}").statusCode())
                .isEqualTo(404);
        var anybodys = "{\"image\":\"" + OWN + "\",\"kind\":\"test\",\"file\":\"a.qcow2\"}";
        assertThat(ask("POST", "/builds", anybodys).statusCode()).isEqualTo(403);
        everythingIsAsItWas();
    }

    @Test
    void what_is_of_another_image_is_not_there_in_the_console() throws Exception {
        for (var route : Route.values()) {
            for (var path : paths(route.path(), OTHER, other, OneHost.NAME)) {
                assertThat(open(route.method(), path, "reason", "x").statusCode())
                        .as("%s %s", route, path)
                        .isEqualTo(404);
            }
        }
        assertThat(browser.post("/builds", "image", OTHER).statusCode()).isEqualTo(404);
        var differences = "/images/" + OWN + "/differences?from=" + own + "&to=" + other;
        assertThat(browser.get(differences).statusCode()).isEqualTo(404);
        everythingIsAsItWas();
    }

    private static void everythingIsAsItWas() throws Exception {
        var builds = server.store.journal().list(BuildSelection.of(OTHER), 10);
        assertThat(builds).extracting(build -> build.id().value()).containsExactly(WAITING, other);
        assertThat(builds).noneMatch(build -> build.cancelRequested() || build.attempt() > 1);
        assertThat(server.store.requests().list(RequestSelection.ALL, 100))
                .filteredOn(request -> request.image().equals(OTHER))
                .allMatch(request -> request.decidedBy() == null);
        assertThat(server.store.schedules().find(OTHER).orElseThrow().paused()).isNull();
    }

    @Test
    void no_list_has_anything_of_another_image() throws Exception {
        for (var operation : Operation.values()) {
            if (!namesSomething(operation.path())) {
                var path = operation.path().replace("{name}", "none");
                for (var query : List.of("", "?image=" + OTHER, "?limit=1", "?state=QUEUED")) {
                    silent(operation.name() + query, ask(operation.method(), path + query, "{}"));
                }
            }
        }
        for (var route : Route.values()) {
            if (!namesSomething(route.path())
                    && route.needed().isPresent()
                    && route != Route.EVENTS
                    && route != Route.SIGN_OUT) {
                silent(route.name(), open(route.method(), route.path()));
            }
        }
        for (var path : List.of("/images/" + OWN, "/builds/" + own)) {
            silent(path, browser.get(path));
        }
        var events = browser.lines(browser.request("/events").build(), 2);
        assertThat(events).last().asString().contains("0 running, 0 queued");
    }

    private static void silent(String what, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(what).isNotEqualTo(500);
        assertThat(answer.body()).as(what).doesNotContain(OTHER, other, WAITING);
    }

    @Test
    void what_is_of_no_image_is_for_those_who_may_see_all() throws Exception {
        for (var operation : Operation.values()) {
            if (operation.needed().filter(Right::everyImage).isPresent()) {
                var path = operation.path().replace("{name}", "none");
                var answer = ask(operation.method(), path, "{}");
                assertThat(answer.statusCode()).as(operation.name()).isEqualTo(403);
                assertThat(answer.body()).contains(", for all images");
            }
        }
        for (var route : Route.values()) {
            if (route.needed().filter(Right::everyImage).isPresent()) {
                assertThat(open(route.method(), route.path()).statusCode())
                        .as(route.name())
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void the_account_has_its_own() throws Exception {
        for (var path : List.of(
                "/images", "/builds", "/releases", "/requests", "/schedules", "/statistics", "/statistics/csv")) {
            assertThat(ask("GET", path, "").body()).as(path).contains(OWN);
        }
        assertThat(ask("GET", "/builds/" + own, "").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/builds/" + own + "/difference/" + own, "").statusCode())
                .isEqualTo(200);
        for (var path : List.of("/", "/images/" + OWN, "/requests", "/schedules", "/statistics", "/new-build")) {
            var page = browser.get(path);
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(page.body()).as(path).contains(OWN);
        }
        assertThat(ask("GET", "/builds?limit=1", "").headers().firstValue("Link"))
                .isEmpty();
    }

    @Test
    void whoever_may_see_an_image_and_not_build_it_is_told_so() throws Exception {
        try (var seeing = server.browser()) {
            seeing.holds(cookie(Set.of(Grant.ofAll(Role.VIEWER), new Grant(Role.OPERATOR, TWELVE))));
            assertThat(seeing.get("/builds/" + other).statusCode()).isEqualTo(200);
            assertThat(seeing.get("/builds/" + other).body()).doesNotContain("/retry");
            assertThat(seeing.get("/builds/" + own).body()).contains("/retry");
            assertThat(seeing.post("/builds/" + other + "/cancel").statusCode()).isEqualTo(403);
            assertThat(seeing.post("/builds", "image", OTHER).statusCode()).isEqualTo(403);
            assertThat(seeing.post("/schedules/" + OTHER + "/pause").statusCode())
                    .isEqualTo(403);
            assertThat(seeing.get("/new-build").body()).contains(OWN).doesNotContain(OTHER);
            assertThat(seeing.get("/regions").statusCode()).isEqualTo(200);
            assertThat(seeing.get("/audit").statusCode()).isEqualTo(403);
        }
        everythingIsAsItWas();
    }
}
