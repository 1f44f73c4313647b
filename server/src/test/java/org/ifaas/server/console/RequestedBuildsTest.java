package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Set;
import org.ifaas.api.BuildView;
import org.ifaas.api.ErrorView;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.publish.Person;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.Tokens;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What is known when a build is asked for is said then, and not by a stage that fails. */
@ExtendWith(TestServer.Running.class)
class RequestedBuildsTest {
    private static ConsoleServer server;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        server = new ConsoleServer(new SettableClock(Instant.parse("2026-11-24T12:00:00Z")));
        browser = server.signedIn(Role.REQUESTER);
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
    }

    private static HttpResponse<String> ask(String token, String body, String... headers) throws Exception {
        var request = browser.request("/api/v1/builds").header("Authorization", "Bearer " + token);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return browser.send(
                request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    private static int builds() {
        return server.store.journal().list(BuildSelection.ALL, 1000).size();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'image':'debain-12'}                              | image   | debain-12    | Did you mean debian-12?",
                "{'image':'nothing-like-it'}                        | image   | nothing-like-it | ifaas images",
                "{'image':'theirs:debian-12'}                       | image   | theirs:debian-12 | ifaas images",
                "{'image':'ubuntu-26.04'}                           | image   | ubuntu-26.04 | Correct it",
                "{'image':'debian-12','regions':['region-a','etc']} | regions | etc          | region-a, region-b",
                "{'image':'debian-12','cloud':'west'}               | cloud   | west         | ifaas.yaml",
                "{'image':'debian-12','host':'nova'}                | host    | nova         | Name a cloud",
                "{'image':'debian-12','ref':'x','cloud':'west'}     | cloud   | west         | ifaas.yaml",
                "{'image':'debian-12','kind':'test','file':'nope.qcow2'} | file | nope.qcow2 | tests.folder",
                "{'image':'debian-12','kind':'test','imageId':'etc/0f6a3a0e-0d5c-4a3e-9f5a-1f2b3c4d5e6f'} | imageId | etc/0f6a3a0e-0d5c-4a3e-9f5a-1f2b3c4d5e6f | region-a"
            })
    void what_can_be_known_is_refused_with_field_value_and_mend(String body, String field, String value, String mend)
            throws Exception {
        int before = builds();
        var answer = ask(ConsoleServer.API_TOKEN, body.replace('\'', '"'));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        var problem = JsonMapper.shared().readValue(answer.body(), ErrorView.class);
        assertThat(problem.field()).isEqualTo(field);
        assertThat(problem.value()).isEqualTo(value);
        assertThat(problem.mend()).contains(mend);
        assertThat(builds()).isEqualTo(before);
    }

    @Test
    void a_definition_that_can_not_be_read_is_told_with_its_line() throws Exception {
        assertThat(ask(ConsoleServer.API_TOKEN, "{\"image\":\"ubuntu-26.04\"}").body())
                .contains("image.yaml:7: sizes.disk_mib");
    }

    @Test
    void an_image_at_another_ref_may_be_there() throws Exception {
        var answer = ask(ConsoleServer.API_TOKEN, "{\"image\":\"not-yet-merged\",\"ref\":\"feature/x\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void the_form_says_the_same_at_its_field() throws Exception {
        var answer = browser.post("/builds", "whole", "yes", "image", "debian-12", "host", "nova");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("host-problem", "is for builds that name a cloud");
    }

    @Test
    void an_image_that_is_named_with_its_repository_is_the_same_image() throws Exception {
        var answer = ask(ConsoleServer.API_TOKEN, "{\"image\":\"shipped:debian-12\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        var build = JsonMapper.shared().readValue(answer.body(), BuildView.class);
        assertThat(build.parameters().image()).isEqualTo("debian-12");
    }

    @Test
    void whose_role_is_for_some_images_may_name_their_repository_and_hears_of_no_others() throws Exception {
        var wanted = new Tokens.Wanted(
                "team", Set.of(Role.REQUESTER), new ImagePatterns(Set.of("debian-12", "debian-1")), null, null);
        var token =
                server.tokens.create(wanted, new Person("owner")).orElseThrow().secret();
        assertThat(ask(token, "{\"image\":\"shipped:debian-12\"}").statusCode()).isEqualTo(201);
        assertThat(ask(token, "{\"image\":\"shipped:debian-13\"}").statusCode()).isEqualTo(404);
        assertThat(ask(token, "{\"image\":\"debian-1\"}").body())
                .contains("is no image definition")
                .doesNotContain("debian-13");
    }

    @Test
    void asked_again_with_its_key_it_is_the_same_build_whatever_has_become_of_its_image() throws Exception {
        var body = "{\"image\":\"gone\",\"ref\":\"main\"}";
        var first = ask(ConsoleServer.API_TOKEN, body, "Idempotency-Key", "once");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(ask(ConsoleServer.API_TOKEN, body, "Idempotency-Key", "once").body())
                .isEqualTo(first.body());
    }
}
