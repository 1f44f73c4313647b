package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.server.login.Logins;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.Source;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestServer.Running.class)
class SignInTest {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-24T12:00:00Z"));
    private ConsoleServer server;
    private Browser browser;

    @BeforeEach
    void start() {
        server = new ConsoleServer(clock);
        browser = server.browser();
    }

    @AfterEach
    void stop() {
        browser.close();
        server.close();
    }

    @Test
    void whoever_has_not_signed_in_is_asked_to_and_comes_to_the_page_they_wanted() throws Exception {
        var asked = browser.get("/requests?x=1");
        assertThat(asked.statusCode()).isEqualTo(303);
        assertThat(asked.headers().firstValue("Location")).hasValue("/sign-in?to=%2Frequests%3Fx%3D1");
        assertThat(browser.get("/sign-in?to=%2Frequests").body()).contains("name=\"to\" value=\"/requests\"");

        var answer = browser.post("/sign-in", "name", "viewer", "password", "viewerviewer", "to", "/requests?x=1");
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).hasValue("/requests?x=1");
        assertThat(browser.get("/requests").statusCode()).isEqualTo(200);
    }

    @Test
    void nobody_is_sent_to_another_site() throws Exception {
        for (var elsewhere :
                new String[] {"//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"}) {
            var answer = browser.post("/sign-in", "name", "viewer", "password", "viewerviewer", "to", elsewhere);
            assertThat(answer.headers().firstValue("Location")).hasValue("/");
        }
    }

    @Test
    void the_administrators_password_is_made_once_and_can_be_made_anew() throws Exception {
        var password = server.admin.firstPassword().orElseThrow();
        assertThat(server.admin.firstPassword()).isEmpty();
        browser.signIn("admin", password);
        assertThat(browser.get("/settings").statusCode()).isEqualTo(200);
        assertThat(server.store.localAccounts().password("admin").orElseThrow())
                .startsWith("pbkdf2-sha512$")
                .doesNotContain(password);

        var another = server.admin.newPassword();
        assertThat(browser.get("/settings").statusCode()).isEqualTo(303);
        var old = browser.post("/sign-in", "name", "admin", "password", password);
        assertThat(old.statusCode()).isEqualTo(401);
        assertThat(old.body()).contains("Name or password is wrong");
        browser.signIn("admin", another);
    }

    @Test
    void what_the_browser_holds_can_be_read_by_no_script_and_is_not_what_the_database_holds() throws Exception {
        var answer = browser.post("/sign-in", "name", "viewer", "password", "viewerviewer");
        var cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).matches("ifaas=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax");
        assertThat(server.store.sessions().find(cookie.substring(6, 49), Instant.EPOCH, Instant.EPOCH))
                .isEmpty();
    }

    @Test
    void a_session_ends_when_it_is_idle_when_it_is_old_and_when_somebody_signs_out() throws Exception {
        browser.signIn("viewer", "viewerviewer");
        for (int i = 0; i < 13; i++) {
            clock.forward(Duration.ofMinutes(50));
            assertThat(browser.get("/").statusCode()).isEqualTo(200);
        }
        clock.forward(Duration.ofMinutes(50));
        browser.get("/");
        clock.forward(Duration.ofMinutes(30));
        assertThat(browser.get("/").statusCode()).as("older than 12 hours").isEqualTo(303);

        browser.signIn("viewer", "viewerviewer");
        clock.forward(Duration.ofMinutes(61));
        assertThat(browser.get("/").statusCode()).as("idle for an hour").isEqualTo(303);

        browser.signIn("viewer", "viewerviewer");
        var held = browser.cookie();
        assertThat(browser.post("/sign-out").statusCode()).isEqualTo(303);
        browser.holds(held);
        assertThat(browser.get("/").statusCode()).as("signed out").isEqualTo(303);
    }

    @Test
    void a_page_that_is_left_open_does_not_keep_its_session() throws Exception {
        browser.signIn("viewer", "viewerviewer");
        var renewal = browser.request("/").header("Ifaas-Renewal", "page").build();
        var events = browser.request("/events").build();
        clock.forward(Duration.ofMinutes(50));
        assertThat(browser.send(renewal).statusCode()).isEqualTo(200);
        assertThat(browser.status(events)).isEqualTo(200);
        clock.forward(Duration.ofMinutes(11));
        assertThat(browser.status(events)).isEqualTo(401);
        assertThat(browser.get("/").statusCode()).isEqualTo(303);
    }

    @Test
    void guessing_is_slowed_down_even_for_the_right_password() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(browser.post("/sign-in", "name", "viewer", "password", "guess" + i)
                            .statusCode())
                    .isEqualTo(401);
        }
        var refused = browser.post("/sign-in", "name", "viewer", "password", "viewerviewer");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("Too many logins have failed");
        browser.signIn("publisher", "publisherpublisher");

        clock.forward(Duration.ofMinutes(16));
        browser.signIn("viewer", "viewerviewer");
    }

    private static Source from(String address) throws Exception {
        return Source.of(new InetSocketAddress(InetAddress.getByName(address), 1));
    }

    private boolean signsIn(String name, String password, String address) throws Exception {
        return server.logins.signIn(name, password, from(address)).isPresent();
    }

    @Test
    void nobody_keeps_the_administrator_out_by_guessing_not_even_from_the_same_address() throws Exception {
        var password = server.admin.firstPassword().orElseThrow();
        for (int i = 0; i < 30; i++) {
            assertThat(signsIn(i % 2 == 0 ? "admin" : "ADMIN ", "guess" + i, "192.0.2.1"))
                    .isFalse();
        }
        assertThat(server.pauses).hasSize(25).containsOnly(Duration.ofSeconds(2));
        assertThat(signsIn("admin", password, "192.0.2.9")).isTrue();
        assertThat(server.pauses).as("elsewhere it is not even slow").hasSize(25);
        assertThat(signsIn("admin", password, "192.0.2.1")).isTrue();
        assertThat(server.pauses).hasSize(26);
    }

    @Test
    void a_new_password_forgets_who_guessed_at_the_old_one() throws Exception {
        for (int i = 0; i < 6; i++) {
            signsIn("admin", "guess" + i, "127.0.0.1");
        }
        assertThat(server.pauses).hasSize(1);
        assertThat(signsIn("admin", server.admin.newPassword(), "127.0.0.1")).isTrue();
        assertThat(server.pauses).hasSize(1);
    }

    @Test
    void one_name_is_one_however_it_is_written_and_is_kept_out_where_it_was_guessed_at() throws Exception {
        for (var name : List.of("viewer", "Viewer", " VIEWER", "\uff56iewer", "viewer ")) {
            assertThat(signsIn(name, "guess", "192.0.2.1")).isFalse();
        }
        assertThatThrownBy(() -> signsIn("viewer", "viewerviewer", "192.0.2.1")).isInstanceOf(Logins.Throttled.class);
        assertThat(signsIn("viewer", "viewerviewer", "192.0.2.2")).isTrue();
        assertThatThrownBy(() -> signsIn("viewer", "viewerviewer", "192.0.2.1"))
                .as("a success elsewhere frees nobody here")
                .isInstanceOf(Logins.Throttled.class);
    }

    @Test
    void who_tries_many_names_is_slowed_down_with_all_who_come_from_there_and_nobody_is_kept_out() throws Exception {
        for (int i = 0; i < 100; i++) {
            assertThat(signsIn("guess" + i, "guess", "2001:db8::1")).isFalse();
        }
        assertThat(server.pauses).isEmpty();
        assertThat(signsIn("viewer", "viewerviewer", "2001:db8::2:1"))
                .as("another address of the same network")
                .isTrue();
        assertThat(server.pauses).hasSize(1);
        assertThat(signsIn("viewer", "viewerviewer", "2001:db8:1::1")).isTrue();
        assertThat(server.pauses).hasSize(1);
    }

    private List<String> audit() {
        return server.store.audit().list(1000, null).reversed().stream()
                .filter(entry -> entry.object().equals("console"))
                .map(entry -> entry.who() + " " + entry.action() + " " + entry.details())
                .toList();
    }

    @Test
    void who_came_and_went_and_who_did_not_get_in_is_written_down() throws Exception {
        browser.post("/sign-in", "name", "viewer", "password", "wrong");
        browser.post("/sign-in", "name", "\u202eadmin\u200b", "password", "wrong");
        browser.signIn("viewer", "viewerviewer");
        browser.post("/sign-out");
        browser.post("/sign-out");
        assertThat(audit())
                .containsExactly(
                        "nobody sign-in-failed {name=viewer}",
                        "nobody sign-in-failed {name=\\u202eadmin\\u200b}",
                        "viewer signed-in {}",
                        "viewer signed-out {}");
    }

    @Test
    void guessing_does_not_fill_the_audit_log() throws Exception {
        for (int i = 0; i < 30; i++) {
            browser.post("/sign-in", "name", "guess" + i, "password", "wrong");
        }
        assertThat(audit()).hasSize(20);
        clock.forward(Duration.ofMinutes(16));
        browser.post("/sign-in", "name", "guess", "password", "wrong");
        assertThat(audit()).hasSize(21).last().isEqualTo("nobody sign-in-failed {name=guess}");
        assertThat(server.store.audit().verify(null).whole()).isTrue();
    }

    @Test
    void an_empty_password_never_is_the_right_one() throws Exception {
        server.admin.firstPassword();
        for (var password : new String[] {"", " ", "\0"}) {
            assertThat(browser.post("/sign-in", "name", "admin", "password", password)
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void a_form_of_another_site_is_refused_and_one_that_hides_where_it_comes_from() throws Exception {
        browser.signIn("admin", "adminadmin");
        var form = new String[] {"image", "debian-12"};
        assertThat(browser.send(browser.form("/builds", form).build()).statusCode())
                .isEqualTo(403);
        for (var site : new String[] {"cross-site", "same-site", "none"}) {
            assertThat(browser.send(browser.form("/builds", form)
                                    .header("Sec-Fetch-Site", site)
                                    .build())
                            .statusCode())
                    .isEqualTo(403);
        }
        for (var origin : new String[] {"https://evil.example", "null", "http://127.0.0.1:1"}) {
            assertThat(browser.send(browser.form("/builds", form)
                                    .header("Origin", origin)
                                    .header("Sec-Fetch-Site", "same-origin")
                                    .build())
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(server.store.journal().list(BuildSelection.ALL, 10)).isEmpty();
        assertThat(browser.post("/builds", form).statusCode()).isEqualTo(303);
        assertThat(server.store.journal().list(BuildSelection.ALL, 10)).hasSize(1);
    }

    @Test
    void the_console_is_not_offered_under_a_name_that_somebody_has_made_up() throws Exception {
        try (var socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write("GET /sign-in HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            assertThat(answer).startsWith("HTTP/1.1 421");
        }
    }

    @Test
    void every_page_forbids_code_and_style_that_is_written_into_it() throws Exception {
        var answer = browser.get("/sign-in");
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.body())
                .doesNotContain(" style=", "<style", " onclick=")
                .doesNotContainPattern("<script>");
    }

    @Test
    void roles_include_what_less_trusted_ones_may() {
        assertThat(Role.ADMIN.includes(Role.PUBLISHER)).isTrue();
        assertThat(Role.OPERATOR.includes(Role.REQUESTER)).isTrue();
        assertThat(Role.OPERATOR.includes(Role.PUBLISHER)).isFalse();
        assertThat(Role.PUBLISHER.includes(Role.REQUESTER)).isFalse();
    }
}
