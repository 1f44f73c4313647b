package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ifaas.server.login.Role;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestServer.Running.class)
class EventsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private ConsoleServer server;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(new SettableClock(NOW));
        browser = server.signedIn(Role.VIEWER);
    }

    @AfterEach
    void stop() {
        browser.close();
        server.close();
    }

    private CompletableFuture<List<String>> lines(HttpRequest request, int count) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return browser.lines(request, count);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void a_log_is_followed_from_what_is_there_to_its_end() throws Exception {
        var running = server.sample.running("debian-12", NOW.minusSeconds(240), NOW);
        var path = "/builds/" + running.id() + "/logs/test-image/events";
        var first = browser.lines(browser.request(path).build(), 2);
        assertThat(first.get(1)).contains("booting the instance");
        var offset = first.getFirst().substring("id: ".length());

        // Two lines an event with a text, two for the end.
        var rest = lines(browser.request(path).header("Last-Event-ID", offset).build(), 4);
        running.log().line("%s", "a line that comes later");
        server.sample.end(running, NOW);
        assertThat(String.join("\n", rest.get(1, TimeUnit.MINUTES)))
                .contains("a line that comes later", "event: end")
                .doesNotContain("booting the instance");
    }

    @Test
    void the_api_follows_a_log_the_same_way() throws Exception {
        var id = server.sample.succeeded("debian-12", NOW.minusSeconds(3600), 1, "base-files");
        var request = browser.request("/api/v1/builds/" + id + "/logs/build-image/events")
                .header("Authorization", "Bearer " + ConsoleServer.API_TOKEN)
                .build();
        assertThat(String.join("\n", browser.lines(request, 4))).contains("a first line", "event: end");
    }

    @Test
    void a_build_says_what_it_does_and_when_it_has_ended() throws Exception {
        var running = server.sample.running("debian-12", NOW.minusSeconds(240), NOW);
        var events =
                lines(browser.request("/builds/" + running.id() + "/events").build(), 10);
        var path = "/builds/" + running.id();
        assertThat(browser.get(path).body()).contains("running");
        server.sample.end(running, NOW);
        var told = String.join("\n", events.get(1, TimeUnit.MINUTES));
        assertThat(told).contains("event: end", "The build has ended: cancelled");
    }
}
