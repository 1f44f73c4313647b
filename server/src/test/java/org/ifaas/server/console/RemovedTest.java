package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.ifaas.api.BuildView;
import org.ifaas.api.ReleaseView;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.server.login.Role;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/** What is said of a build of which retention has removed something. */
@ExtendWith(TestServer.Running.class)
class RemovedTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private ConsoleServer server;
    private Browser browser;
    private BuildId build;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(new SettableClock(NOW));
        browser = server.signedIn(Role.ADMIN);
        build = server.sample.succeeded("debian-12", NOW.minus(Duration.ofDays(100)), 1, "base-files");
        server.store.journal().record(build, new ArtifactsRemoved(NOW, NOW, 3, 2048, "older than 30 days"), NOW);
        server.store.journal().record(build, new LogsRemoved(NOW, NOW, 15, 1024, "older than 90 days"), NOW);
        server.logs.remove(build);
    }

    @AfterEach
    void stop() {
        browser.close();
        server.close();
    }

    private HttpResponse<String> api(String method, String path) throws Exception {
        return browser.send(browser.request("/api/v1" + path)
                .header("Authorization", "Bearer " + ConsoleServer.API_TOKEN)
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"))
                .build());
    }

    @Test
    void the_interface_says_on_which_day_log_and_release_went_and_why() throws Exception {
        var view = JsonMapper.shared().readValue(api("GET", "/builds/" + build).body(), BuildView.class);
        assertThat(view.removed())
                .extracting(removed -> removed.what() + " " + removed.when() + " " + removed.bytes())
                .containsExactly("artifacts " + NOW + " 2048", "logs " + NOW + " 1024");
        var releases = JsonMapper.shared().readValue(api("GET", "/releases").body(), ReleaseView[].class);
        assertThat(releases[0].removed()).isEqualTo(NOW);
        for (var path :
                new String[] {"/builds/" + build + "/logs/build-image", "/builds/" + build + "/logs/7/events"}) {
            var answer = api("GET", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(410);
            assertThat(answer.body())
                    .contains("the log was removed by retention on 2026-11-24: older than 90 days", "retention.logs");
        }
        for (var path : new String[] {
            "/releases/" + releases[0].id() + "/verify",
            "/releases/" + releases[0].id() + "/resign",
            "/builds/" + build + "/retry"
        }) {
            var answer = api("POST", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(410);
            assertThat(answer.body())
                    .contains(
                            "the artifacts were removed by retention on 2026-11-24: older than 30 days",
                            "ifaas build debian-12");
        }
    }

    @Test
    void the_console_says_so_too() throws Exception {
        assertThat(browser.get("/builds/" + build).body())
                .contains("The artifacts (", ") were removed by retention on 2026-11-24: older than 30 days.")
                .contains("the log was removed by retention on 2026-11-24")
                .doesNotContain("Sign anew");
        assertThat(browser.get("/builds/" + build + "/logs/build-image").statusCode())
                .isEqualTo(410);
    }
}
