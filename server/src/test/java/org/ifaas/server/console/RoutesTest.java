package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.server.login.Role;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may do what: every route asked by everybody. */
@ExtendWith(TestServer.Running.class)
class RoutesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    /** Nobody, viewer, requester, operator, publisher, region publisher, admin: + where the route answers, - where it refuses. */
    private static final String WHO_MAY = """
            STATIC         +++++++
            SIGN_IN_PAGE   +++++++
            SIGN_IN        +++++++
            SIGN_OUT       -++++-+
            IMAGES         -++++-+
            EVENTS         -++++-+
            IMAGE          -++++-+
            DIFFERENCES    -++++-+
            NEW_BUILD      --++--+
            REQUEST_BUILD  --++--+
            BUILD          -++++-+
            BUILD_EVENTS   -++++-+
            LOG            -++++-+
            LOG_EVENTS     -++++-+
            LOG_LINES      -++++-+
            LOG_HITS       -++++-+
            ARTIFACT       -++++-+
            CANCEL         --++--+
            RETRY          --++--+
            RESIGN         ---+--+
            KEEP_HOST      ---+--+
            REQUESTS       -++++-+
            APPROVE        ----+-+
            REJECT         ----+-+
            CERTIFY        ---+--+
            HOSTS          -++++-+
            DESTROY_HOST   ---+--+
            REGIONS        -++++-+
            STATISTICS     -++++-+
            STATISTICS_CSV -++++-+
            SCHEDULES      -++++-+
            PAUSE_SCHEDULE ---+--+
            RESUME_SCHEDULE ---+--+
            AUDIT          ---+--+
            SETTINGS       ---+--+
            METRICS        -++++-+
            """;

    private static final Set<Route> STREAMS = EnumSet.of(Route.EVENTS, Route.BUILD_EVENTS, Route.LOG_EVENTS);
    private static final Map<Role, String> COOKIES = new EnumMap<>(Role.class);
    private static ConsoleServer server;
    private static BuildId build;

    @BeforeAll
    static void start() throws Exception {
        server = new ConsoleServer(new SettableClock(NOW));
        build = server.sample.succeeded("debian-12", NOW.minusSeconds(3600), 1, "base-files");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void every_route_has_its_line_and_every_line_its_route() {
        assertThat(expected().keySet()).containsExactlyInAnyOrder(Route.values());
    }

    @Test
    void each_role_may_do_what_its_column_says_and_nothing_else() throws Exception {
        var expected = expected();
        for (var route : Route.values()) {
            try (var nobody = server.browser()) {
                assertThat(answers(nobody, route))
                        .as("%s by nobody", route)
                        .isEqualTo(expected.getOrDefault(route, "").charAt(0) == '+');
            }
        }
        for (var role : Role.values()) {
            for (var route : inOrder()) {
                try (var browser = server.browser()) {
                    browser.holds(cookie(role));
                    assertThat(answers(browser, route))
                            .as("%s by %s", route, role)
                            .isEqualTo(expected.getOrDefault(route, "").charAt(1 + role.ordinal()) == '+');
                }
            }
        }
    }

    /** Signing out comes last, for it ends the session that all the others use. */
    private static List<Route> inOrder() {
        var routes = new ArrayList<>(List.of(Route.values()));
        routes.remove(Route.SIGN_OUT);
        routes.add(Route.SIGN_OUT);
        return routes;
    }

    private static String cookie(Role role) throws Exception {
        if (!COOKIES.containsKey(role)) {
            try (var browser = server.signedIn(role)) {
                COOKIES.put(role, browser.cookie());
            }
        }
        return COOKIES.get(role);
    }

    @Test
    void what_is_no_route_is_not_there_however_it_is_written() throws Exception {
        try (var browser = server.signedIn(Role.ADMIN)) {
            for (var path : new String[] {
                "/nothing",
                "/builds",
                "/%61pi/v1/builds",
                "//api/v1/builds",
                "/x/../api/v1/builds",
                "/images/",
                "/static/../x"
            }) {
                assertThat(browser.get(path).statusCode()).as(path).isIn(400, 401, 404);
            }
        }
    }

    @Test
    void the_api_wants_its_token_and_takes_no_session() throws Exception {
        try (var browser = server.signedIn(Role.ADMIN)) {
            assertThat(browser.get("/api/v1/builds").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void the_token_for_metrics_opens_metrics_and_nothing_else() throws Exception {
        try (var program = server.browser()) {
            var bearer = "Bearer " + ConsoleServer.METRICS_TOKEN;
            var metrics = program.send(
                    program.request("/metrics").header("Authorization", bearer).build());
            assertThat(metrics.statusCode()).isEqualTo(200);
            assertThat(program.send(program.request("/regions")
                                    .header("Authorization", bearer)
                                    .build())
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    private static Map<Route, String> expected() {
        var lines = WHO_MAY.lines().map(line -> line.trim().split(" +"));
        return lines.collect(Collectors.toMap(line -> Route.valueOf(line[0]), line -> line[1]));
    }

    /** Whatever it answers: what is refused is 401 or 403, or a way to the page where one signs in. */
    private static boolean answers(Browser browser, Route route) throws Exception {
        var path = route.path()
                .replace("{name}", "console.css")
                .replace("{host}", "no-such-host")
                .replace("{image}", "debian-12")
                .replace("{id}", build.value())
                .replace("{stage}", "build-image")
                .replace("{step}", "scan");
        if (STREAMS.contains(route)) {
            return browser.status(browser.request(path).build()) == 200;
        }
        if (route == Route.SIGN_IN) {
            return browser.post(path, "name", "", "password", "x").body().contains("Name or password");
        }
        var answer = route.method().equals("GET") ? browser.get(path) : browser.post(path);
        var to = answer.headers().firstValue("Location").orElse("");
        boolean refused = Arrays.asList(401, 403).contains(answer.statusCode())
                || route != Route.SIGN_OUT && to.startsWith("/sign-in");
        return !refused;
    }
}
