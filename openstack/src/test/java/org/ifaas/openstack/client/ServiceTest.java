package org.ifaas.openstack.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.ifaas.openstack.cloud.Cloud;
import org.ifaas.openstack.cloud.Credential;
import org.ifaas.openstack.cloud.Secret;
import org.ifaas.openstack.fake.FakeCloud;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ServiceTest {
    private static final String TOKENS = "POST /identity/v3/auth/tokens";
    private static final String IMAGES = "GET /one/image/v2/images";

    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private FakeCloud cloud;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        InstantSource clock = () -> now;
        cloud = new FakeCloud(clock);
    }

    @AfterEach
    void stop() throws IOException {
        cloud.close();
    }

    private Service images() {
        return cloud.client().service("image", "one");
    }

    @Test
    void a_token_serves_until_shortly_before_its_end() throws Exception {
        var images = images();
        images.get("/v2/images");
        images.get("/v2/images");
        assertThat(cloud.seen(TOKENS)).hasSize(1);
        now = now.plus(cloud.tokenLife).minus(Duration.ofMinutes(4));
        images.get("/v2/images");
        assertThat(cloud.seen(TOKENS)).hasSize(2);
    }

    @Test
    void a_token_that_is_refused_is_made_anew_once() throws Exception {
        var images = images();
        images.get("/v2/images");
        cloud.revokeTokens();
        images.get("/v2/images");
        assertThat(cloud.seen(TOKENS)).hasSize(2);
        cloud.answer(IMAGES, 9, 401, Map.of(), "{\"error\": {\"message\": \"go away\"}}");
        var failure = catchThrowableOfType(CloudFailure.class, () -> images.get("/v2/images"));
        assertThat(failure.status()).isEqualTo(401);
        assertThat(failure.reason()).isEqualTo("go away");
    }

    @Test
    void a_wrong_secret_is_told_without_it() throws Exception {
        var client = cloud.client(
                cloud.cloud(new Credential.Application("app", null, null, new Secret("guessed")), null, true));
        var failure = catchThrowableOfType(
                CloudFailure.class, () -> client.service("image", "one").get("/v2/images"));
        assertThat(failure)
                .hasMessageMatching(
                        "cloud fake, identity: POST /auth/tokens: 401 The request you have made requires authentication. \\(req-\\d+\\)");
        assertThat(failure.mend()).contains("clouds.yaml").doesNotContain("guessed");
    }

    private static Credential anna(String password, String domain, Credential.Named project) {
        var user = new Credential.Named(null, "anna", new Credential.Domain(null, domain));
        return new Credential.Password(user, new Secret(password), project);
    }

    @Test
    void a_password_serves_as_an_application_credential_does() throws Exception {
        var byName = new Credential.Named(null, "imagefactory", new Credential.Domain("default", null));
        var byId = new Credential.Named("p1", null, null);
        for (var project : List.of(byName, byId)) {
            var client = cloud.client(cloud.cloud(anna(FakeCloud.SECRET, "Users", project), null, true));
            assertThat(client.project()).isEqualTo("imagefactory");
            client.service("image", "one").get("/v2/images");
        }
        var elsewhere = new Credential.Named(null, "imagefactory", new Credential.Domain("users", null));
        for (var wrong : List.of(
                anna("guessed", "Users", byId),
                anna(FakeCloud.SECRET, "Default", byId),
                anna(FakeCloud.SECRET, "Users", elsewhere))) {
            var failure = catchThrowableOfType(CloudFailure.class, cloud.client(cloud.cloud(wrong, null, true))::roles);
            assertThat(failure).hasMessageContaining("identity: POST /auth/tokens: 401");
            assertThat(failure.mend()).contains("credential of cloud fake in clouds.yaml");
        }
    }

    @Test
    void a_service_that_says_come_again_is_asked_again_when_it_says() throws Exception {
        cloud.answer(IMAGES, 1, 429, Map.of("Retry-After", "7"), "");
        cloud.answer(IMAGES, 1, 503, Map.of(), "");
        assertThat(images().get("/v2/images").has("images")).isTrue();
        assertThat(cloud.waited).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(2));
    }

    @Test
    void attempts_are_bounded_and_so_is_what_a_service_may_ask_for() throws Exception {
        cloud.answer(IMAGES, 99, 503, Map.of("x-openstack-request-id", "req-x"), "{\"busy\": {\"message\": \"full\"}}");
        var failure = catchThrowableOfType(CloudFailure.class, () -> images().get("/v2/images"));
        assertThat(failure).hasMessage("cloud fake, image in one: GET /v2/images: 503 full (req-x)");
        assertThat(cloud.seen(IMAGES)).hasSize(5);
        cloud.well();
        cloud.waited.clear();
        cloud.answer(IMAGES, 1, 429, Map.of("Retry-After", "86400"), "");
        assertThat(catchThrowableOfType(CloudFailure.class, () -> images().get("/v2/images"))
                        .status())
                .isEqualTo(429);
        assertThat(cloud.waited).isEmpty();
    }

    @Test
    void what_may_have_been_done_is_not_asked_for_twice() throws Exception {
        var body = JsonMapper.shared().createObjectNode().put("id", "a").put("name", "a");
        cloud.loseAnswer("POST /one/image/v2/images", 1);
        var failure = catchThrowableOfType(CloudFailure.class, () -> images().post("/v2/images", body));
        assertThat(failure.uncertain()).isTrue();
        assertThat(cloud.seen("POST /one/image/v2/images")).hasSize(1);
        cloud.answer("POST /one/image/v2/images", 1, 500, Map.of(), "");
        assertThat(catchThrowableOfType(CloudFailure.class, () -> images().post("/v2/images", body))
                        .uncertain())
                .isTrue();
        cloud.loseAnswer(IMAGES, 1);
        assertThat(images().get("/v2/images").path("images").size()).isEqualTo(1);
    }

    @Test
    void all_pages_are_followed() throws Exception {
        for (var id : List.of("a", "b", "c", "d", "e")) {
            images().post(
                            "/v2/images",
                            JsonMapper.shared().createObjectNode().put("id", id).put("name", id));
        }
        assertThat(images().all("/v2/images?os_hidden=false", "images")).hasSize(5);
        assertThat(cloud.seen(IMAGES)).hasSize(3);
    }

    @Test
    void a_region_without_the_service_is_told_with_those_that_have_it() {
        var failure = catchThrowableOfType(
                CloudFailure.class,
                () -> cloud.client().service("compute", "two").get("/"));
        assertThat(failure).hasMessageContaining("no public endpoint of that service there, but in one");
    }

    @Test
    void the_newest_microversion_that_both_sides_know_is_spoken() throws Exception {
        var compute = cloud.client().service("compute", "one");
        var least = Microversions.Version.of("2.52");
        var most = Microversions.Version.of("2.90");
        assertThat(Microversions.negotiated(compute, least, most)).hasToString("2.90");
        cloud.nova.newest = "2.79";
        assertThat(Microversions.negotiated(compute, least, most)).hasToString("2.79");
        cloud.nova.newest = "2.38";
        assertThat(catchThrowableOfType(CloudFailure.class, () -> Microversions.negotiated(compute, least, most)))
                .hasMessageContaining("2.1 to 2.38, and 2.52 to 2.90");
    }

    @Test
    void nobody_who_listens_is_told_as_that() throws Exception {
        var nowhere = new Cloud(
                "fake",
                "a test",
                URI.create("http://127.0.0.1:1/v3"),
                cloud.cloud().credential(),
                List.of(),
                "public",
                null,
                true,
                Map.of());
        var client = new CloudClient(nowhere, ClientPolicy.defaults(), () -> now, cloud.pause());
        var failure = catchThrowableOfType(CloudFailure.class, client::roles);
        assertThat(failure.status()).isZero();
        assertThat(failure).hasMessageContaining("nothing listens there");
    }

    @Test
    void an_upload_that_stands_still_is_given_up() throws Exception {
        images().post(
                        "/v2/images",
                        JsonMapper.shared().createObjectNode().put("id", "a").put("name", "a"));
        var file = sparse(32 << 20);
        cloud.hang("PUT .*", 1);
        var impatient = new ClientPolicy(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                2,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1));
        var failure = catchThrowableOfType(
                CloudFailure.class,
                () -> cloud.client(impatient).service("image", "one").upload("/v2/images/a/file", file));
        assertThat(failure).hasMessageContaining("nothing moved for 1 s after");
    }

    @Test
    void an_upload_has_a_token_with_its_whole_life_before_it_and_another_when_that_is_refused() throws Exception {
        images().post(
                        "/v2/images",
                        JsonMapper.shared().createObjectNode().put("id", "a").put("name", "a"));
        var images = images();
        images.get("/v2/images");
        int before = cloud.seen(TOKENS).size();
        cloud.answer("PUT .*", 1, 401, Map.of(), "{\"error\": {\"message\": \"too old\"}}");
        images.upload("/v2/images/a/file", sparse(16 << 10));
        assertThat(cloud.seen(TOKENS)).hasSize(before + 2);
        assertThat(cloud.glance("one").images())
                .allMatch(image -> image.path("size").asLong() == 16 << 10);
        images.get("/v2/images");
        assertThat(cloud.seen(TOKENS)).hasSize(before + 2);
    }

    /** Larger than the heap: a file in memory would show. */
    @Test
    void a_large_file_is_never_in_memory() throws Exception {
        images().post(
                        "/v2/images",
                        JsonMapper.shared().createObjectNode().put("id", "a").put("name", "a"));
        cloud.glance("one").digests = false;
        long size = Runtime.getRuntime().maxMemory() + (64 << 20);
        images().upload("/v2/images/a/file", sparse(size));
        assertThat(cloud.glance("one").images())
                .allMatch(image -> image.path("size").asLong() == size);
    }

    private Path sparse(long size) throws IOException {
        var path = folder.resolve("sparse-" + size);
        if (!Files.exists(path)) {
            try (var file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(size);
            }
        }
        return path;
    }
}
