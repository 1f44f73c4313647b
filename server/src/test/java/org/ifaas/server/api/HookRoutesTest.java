package org.ifaas.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.http.HttpService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookRoutesTest {
    /** The example of GitHub's documentation. */
    private static final String SECRET = "It's a Secret to Everybody";

    private static final String BODY = "Hello, World!";
    private static final String SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    @TempDir
    Path folder;

    private final AtomicInteger fetches = new AtomicInteger();

    private HttpResponse<String> push(String header, String value, String body) throws Exception {
        var secret = folder.resolve("secret");
        if (!Files.exists(secret)) {
            Files.writeString(secret, SECRET + "\n");
        }
        try (var api = Api.start(
                        0,
                        Callers.local("token", "anna"),
                        Map.of(),
                        Map.of("/hooks/git", new HookRoutes(secret, fetches::incrementAndGet)));
                var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/hooks/git"))
                            .header(header, value)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void aPushThatGithubSignsMakesTheFactoryLook() throws Exception {
        assertThat(push("X-Hub-Signature-256", SIGNATURE, BODY).statusCode()).isEqualTo(202);
        assertThat(fetches).hasValue(1);
    }

    @Test
    void aPushWithTheTokenOfGitlabMakesTheFactoryLook() throws Exception {
        assertThat(push("X-Gitlab-Token", SECRET, "{}").statusCode()).isEqualTo(202);
        assertThat(fetches).hasValue(1);
    }

    @Test
    void whoDoesNotKnowTheSecretIsRefused() throws Exception {
        for (var header : Map.of(
                        "X-Hub-Signature-256", SIGNATURE.replace('7', '8'),
                        "X-Gitlab-Token", "guessed",
                        "Authorization", "Bearer token",
                        "X-Hub-Signature", "sha1=00")
                .entrySet()) {
            assertThat(push(header.getKey(), header.getValue(), BODY).statusCode())
                    .isEqualTo(401);
        }
        assertThat(push("X-Hub-Signature-256", SIGNATURE, BODY + "!").statusCode())
                .isEqualTo(401);
        assertThat(fetches).hasValue(0);
    }

    @Test
    void anEmptySecretFileLetsNobodyIn() throws Exception {
        Files.writeString(folder.resolve("secret"), "\n");
        assertThat(push("X-Gitlab-Token", "", "{}").statusCode()).isEqualTo(503);
        assertThat(fetches).hasValue(0);
    }

    @Test
    void aFactoryWithoutASecretSaysWhatIsMissing() throws Exception {
        try (var api = Api.start(
                        0,
                        Callers.local("token", "anna"),
                        Map.of(),
                        Map.of("/hooks/git", new HookRoutes(null, fetches::incrementAndGet)));
                var client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/hooks/git"))
                            .POST(HttpRequest.BodyPublishers.ofString(BODY))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("git.hook_secret_file");
            assertThat(fetches).hasValue(0);
        }
    }

    @Test
    void theWayInForHooksLeadsNowhereElse() throws Exception {
        var secret = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        HttpService inside = rules -> rules.any("/", (request, response) -> response.send("inside"));
        try (var api = Api.start(
                        0,
                        Callers.local("token", "anna"),
                        Map.of("/status", inside),
                        Map.of("/hooks/git", new HookRoutes(secret, fetches::incrementAndGet)));
                var client = HttpClient.newHttpClient()) {
            for (var path : List.of(
                    "/api/v1/status",
                    "/hooks/git/../../api/v1/status",
                    "/hooks/%2e%2e/api/v1/status",
                    "/hooks/git/%2e%2e/%2e%2e/api/v1/status",
                    "/hooks/git;x/../../api/v1/status",
                    "//hooks/git/../../api/v1/status",
                    "/hooks/git?/api/v1/status",
                    "/hooks/git/")) {
                var answer = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(path).isBetween(400, 404);
                assertThat(answer.body()).as(path).isNotEqualTo("inside");
            }
        }
        assertThat(fetches).hasValue(0);
    }
}
