package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.ifaas.api.BuildView;
import org.ifaas.api.ScheduleView;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Whoever names an image with its repository in front means the same as without, wherever a name is asked for. */
@ExtendWith(TestServer.Running.class)
class ImageNamesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private ConsoleServer server;
    private Browser browser;
    private BuildId build;

    @BeforeEach
    void start() throws Exception {
        server = new ConsoleServer(new SettableClock(NOW));
        browser = server.browser();
        build = server.sample.succeeded("debian-12", NOW.minusSeconds(3600), 1, "base-files");
        server.sample.succeeded("debian-13", NOW.minusSeconds(1800), 1, "base-files");
    }

    @AfterEach
    void stop() {
        browser.close();
        server.close();
    }

    private String token(String image) {
        var wanted = new Tokens.Wanted(
                "one",
                Set.of(Role.OPERATOR, Role.PUBLISHER),
                ImagePatterns.of(List.of(image)),
                null,
                Duration.ofDays(1));
        return server.tokens.create(wanted, new Person("bea")).orElseThrow().secret();
    }

    private HttpResponse<String> ask(String token, String method, String path) throws Exception {
        return browser.send(browser.request("/api/v1" + path)
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        return ask(ConsoleServer.API_TOKEN, method, path);
    }

    private static <T> T read(HttpResponse<String> answer, Class<T> type) {
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        return JsonMapper.shared().readValue(answer.body(), type);
    }

    private List<String> builds(String image) throws Exception {
        return Arrays.stream(read(ask("GET", "/builds?image=" + image), BuildView[].class))
                .map(BuildView::id)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/builds?image=", "/releases?image="})
    void a_list_of_one_image_is_the_same(String list) throws Exception {
        var answer = ask("GET", list + "shipped:debian-12");
        assertThat(answer.body())
                .contains(build.value())
                .isEqualTo(ask("GET", list + "debian-12").body());
    }

    @Test
    void a_release_and_a_schedule_are_found() throws Exception {
        assertThat(ask("POST", "/releases/shipped:debian-12/latest/verify").statusCode())
                .isEqualTo(200);
        assertThat(read(ask("POST", "/releases/shipped:debian-12/latest/resign"), BuildView.class)
                        .parameters()
                        .image())
                .isEqualTo("debian-12");
        assertThat(read(ask("POST", "/schedules/shipped:debian-12/pause"), ScheduleView.class)
                        .image())
                .isEqualTo("debian-12");
    }

    @Test
    void who_is_for_some_images_reaches_them_by_either_name_and_no_others() throws Exception {
        var token = token("debian-12");
        var path = "/releases/shipped:%s/latest/verify";
        assertThat(ask(token, "POST", path.formatted("debian-12")).statusCode()).isEqualTo(200);
        assertThat(ask(token, "POST", path.formatted("debian-13")).statusCode()).isEqualTo(404);
        assertThat(ask(token, "POST", "/schedules/shipped:debian-12/pause").statusCode())
                .isEqualTo(200);
    }

    /** Such as of a branch in which an earlier repository has an image of that name as well. */
    @Test
    void a_name_that_the_lists_show_means_what_they_show() throws Exception {
        var called = server.sample.succeeded("shipped:debian-12", NOW.minusSeconds(900), 1, "base-files");
        assertThat(builds("shipped:debian-12")).containsExactly(called.value());
        assertThat(builds("debian-12")).containsExactly(build.value());
        assertThat(ask(token("debian-12"), "POST", "/releases/shipped:debian-12/latest/verify")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void no_repository_has_no_builds() throws Exception {
        assertThat(builds("nobodys:debian-12")).isEmpty();
    }

    @Test
    void the_form_for_a_new_build_chooses_it() throws Exception {
        try (var operator = server.signedIn(Role.OPERATOR)) {
            assertThat(operator.said("/new-build?image=shipped:debian-13"))
                    .isEqualTo(operator.said("/new-build?image=debian-13"))
                    .isNotEqualTo(operator.said("/new-build?image=debian-12"));
        }
    }
}
