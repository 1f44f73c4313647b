package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.ifaas.api.BuildView;
import org.ifaas.api.DifferenceView;
import org.ifaas.api.ReleaseView;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.ImageBuilt;
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
    void a_comparison_says_what_was_removed_and_compares_what_is_known_still() throws Exception {
        var other = server.sample.succeeded("debian-12", NOW.minus(Duration.ofDays(1)), 1, "base-files", "curl");
        for (var path : List.of(build + "/difference/" + other, other + "/difference/" + build)) {
            var answer = api("GET", "/builds/" + path);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var view = JsonMapper.shared().readValue(answer.body(), DifferenceView.class);
            var why = "the files of build " + build + " were removed by retention on 2026-11-24: older than 30 days";
            assertThat(view.notCompared()).first().isEqualTo("packages are not compared: " + why);
            assertThat(view.notCompared().get(1))
                    .startsWith("the files inside are not compared: ")
                    .contains(why, "build " + other + " has not made a list of the files inside");
            assertThat(view.differences())
                    .noneMatch(line -> line.startsWith("package ") || line.startsWith("file "))
                    .anyMatch(line -> line.matches("packages: [0-9]+; [0-9]+"));
        }
        assertThat(browser.get("/images/debian-12/differences?from=" + build + "&to=" + other)
                        .body())
                .contains(
                        "Packages are not compared: the files of build " + build + " were removed by retention on"
                                + " 2026-11-24: older than 30 days.",
                        "What is known still",
                        "205 MB")
                .doesNotContain("packages are the same");
    }

    @Test
    void a_list_that_the_store_has_lost_is_no_list_of_packages_that_went() throws Exception {
        var one = server.sample.succeeded("debian-12", NOW.minus(Duration.ofDays(2)), 1, "base-files", "curl");
        var other = server.sample.succeeded("debian-12", NOW.minus(Duration.ofDays(1)), 1, "base-files");
        server.artifacts.delete(server.store
                .journal()
                .facts(one)
                .find(ImageBuilt.class)
                .orElseThrow()
                .packageListKey());
        var view = JsonMapper.shared()
                .readValue(api("GET", "/builds/" + one + "/difference/" + other).body(), DifferenceView.class);
        assertThat(view.notCompared())
                .anyMatch(line -> line.startsWith("packages are not compared: the package list of build " + one
                        + " is not in the artifact store"));
        assertThat(view.differences()).noneMatch(line -> line.startsWith("package "));
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
