package org.ifaas.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ifaas.api.ErrorView;
import org.ifaas.api.PublicationView;
import org.ifaas.api.RequestView;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.TestStages;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.Publisher;
import org.ifaas.factory.publish.Requested;
import org.ifaas.factory.signing.Sha256;
import org.ifaas.release.approval.KeyApprovals;
import org.ifaas.release.attest.ReleaseAttester;
import org.ifaas.release.dsse.Envelope;
import org.ifaas.release.openpgp.OpenPgpSigner;
import org.ifaas.release.openpgp.SigningKeyPolicy;
import org.ifaas.server.api.Api;
import org.ifaas.server.api.Callers;
import org.ifaas.server.api.Lists;
import org.ifaas.server.api.PublicationRoutes;
import org.ifaas.server.api.Reach;
import org.ifaas.server.api.Repeats;
import org.ifaas.server.api.RequestRoutes;
import org.ifaas.server.api.Views;
import org.ifaas.server.login.Account;
import org.ifaas.server.login.Grant;
import org.ifaas.server.login.Role;
import org.ifaas.storage.DirectoryRegion;
import org.ifaas.storage.StorePolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A factory's interface with real keys and regions that are directories, and the publisher of one of them. */
class PublisherProcessTest {
    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private OpenPgpSigner releases;
    private Requested requested;
    private Publisher publisher;
    private PlainArtifactStore store;
    private Api api;

    @BeforeEach
    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // only requests are listed
    void start() throws Exception {
        releases = signer(SigningKeyPolicy.RELEASE, "keys");
        var approvals = signer(SigningKeyPolicy.APPROVAL, "keys");
        releases.usableKey();
        approvals.usableKey();
        requested = new Requested(
                Files.createDirectories(folder.resolve("images")),
                new KeyApprovals(approvals, Clock.systemUTC()),
                new Registries(List.of(
                        region("own-a", DiskFormat.QCOW2),
                        region("west", DiskFormat.QCOW2),
                        region("east", DiskFormat.QCOW2),
                        region("ceph", DiskFormat.RAW))));
        requested.now = Instant.now();
        publisher = requested.publisher(true, "own-a");
        store = new PlainArtifactStore(folder.resolve("store"));
        var builds = new Builds(
                requested.journal, id -> {}, new TestStages().pipelines(), requested.audit, () -> requested.now);
        var admin = Callers.local("admin", "bea");
        Callers callers = token -> switch (token) {
            case "west", "east", "ceph" -> new Account("ops", Set.of(Grant.ofAll(Role.REGION_PUBLISHER)), token);
            case "limited" ->
                new Account(
                        "ops", Set.of(new Grant(Role.REGION_PUBLISHER, ImagePatterns.of(List.of("debian-*")))), "west");
            default -> admin.of(token);
        };
        var views = new Views(
                requested.journal,
                requested.requests,
                store,
                requested.certification(),
                (build, attempt, stage) -> null);
        api = Api.start(
                0,
                callers,
                new Reach(
                        id -> builds.find(id).map(build -> build.parameters().image()),
                        host -> Optional.empty(),
                        image -> image),
                Repeats.NOT_KNOWN,
                Map.of(
                        "/publications",
                        new PublicationRoutes(publisher, builds, requested.journal, store, views),
                        "/requests",
                        new RequestRoutes(
                                new Lists(null, requested.journal, requested.requests, null, null, null),
                                publisher,
                                builds,
                                views)),
                Map.of(),
                (request, response) -> response.next());
    }

    @AfterEach
    void stop() {
        api.close();
        http.close();
    }

    private Registry region(String name, DiskFormat format) {
        return new DirectoryRegion(
                name, format, folder.resolve("regions").resolve(name), StorePolicy.defaults(), Clock.systemUTC());
    }

    private OpenPgpSigner signer(String name, String keys) {
        return new OpenPgpSigner(
                new SigningKeyPolicy(
                        name,
                        folder.resolve(keys),
                        name,
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofDays(100),
                        Duration.ofDays(14)),
                Clock.systemUTC());
    }

    private BuildId asked(String serial, String... regions) throws Exception {
        var id = requested.by("anna", serial, regions);
        var sums = Requested.checksums(requested.requests.find(id).orElseThrow().sha256());
        store.write("releases/" + id + "/SHA256SUMS", sums);
        store.write("releases/" + id + "/SHA256SUMS.asc", releases.signature(sums.getBytes(StandardCharsets.UTF_8)));
        return id;
    }

    private Path configuration(String region, String keys, String more) throws Exception {
        var token = Files.writeString(folder.resolve(region + ".token"), region + "\n");
        return Files.writeString(folder.resolve(region + ".yaml"), """
                factory: {url: "http://127.0.0.1:%d", token_file: %s}
                region: %s
                directory: %s
                release_key: %s
                approval_key: %s
                state: %s
                %s
                """.formatted(
                        api.port(),
                        token,
                        region,
                        folder.resolve("regions").resolve(region),
                        folder.resolve("keys/release-key.gpg"),
                        folder.resolve(keys).resolve("approval-key.asc"),
                        folder.resolve("state-" + region),
                        more));
    }

    private int once(String region) throws Exception {
        return PublisherProcess.run(PublisherConfig.read(configuration(region, "keys", "")), true, said::add);
    }

    @Test
    void whatIsApprovedBecomesPublicInAllRegionsAfterAllHaveVerifiedIt() throws Exception {
        var id = asked("s1", "own-a", "west", "east");
        publisher.approve(id, "bea");
        assertThat(once("west")).isZero();
        assertThat(requested.states(id)).containsExactly("east WAITING", "own-a VERIFIED", "west VERIFIED");
        assertThat(requested.latest("west")).isEqualTo("nothing");
        assertThat(once("east")).isZero();
        assertThat(once("west")).isZero();
        publisher.publishApproved();
        for (var region : List.of("own-a", "west", "east")) {
            assertThat(requested.latest(region)).as(region).isEqualTo("s1");
        }
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(PublicationRequest.State.PUBLISHED);
        assertThat(said)
                .anyMatch(line -> line.startsWith("publisher of region west, for the factory at http://127.0.0.1:"))
                .contains("tiny s1: published as Tiny_latest");
        assertThat(once("west")).isZero();
    }

    @Test
    void aRegionThatTheApproverLeavesOutKeepsItsImagePrivateAndHoldsUpNoOther() throws Exception {
        var id = asked("s1", "own-a", "west", "east");
        publisher.approve(id, "bea");
        assertThat(once("west")).isZero();
        assertThat(requested.latest("west")).isEqualTo("nothing");

        assertThat(approve(id, "wset").statusCode()).isEqualTo(409);
        assertThat(approve(id, "east").body()).contains("\"without\":[\"east\"]");
        assertThat(once("west")).isZero();
        assertThat(once("east")).isZero();
        publisher.publishApproved();
        assertThat(once("west")).isZero();
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(PublicationRequest.State.PUBLISHED);
        assertThat(requested.latest("west")).isEqualTo("s1");
        assertThat(requested.latest("east")).isEqualTo("nothing");

        assertThat(approve(id).statusCode()).isEqualTo(200);
        for (var region : List.of("west", "east")) {
            assertThat(once(region)).isZero();
        }
        publisher.publishApproved();
        for (var region : List.of("west", "east")) {
            assertThat(once(region)).isZero();
        }
        assertThat(requested.requests.find(id).orElseThrow().state()).isEqualTo(PublicationRequest.State.PUBLISHED);
        assertThat(requested.latest("east")).isEqualTo("s1");
    }

    private HttpResponse<String> approve(BuildId id, String... without) throws Exception {
        var said = JsonMapper.shared().writeValueAsString(Map.of("without", List.of(without)));
        return http.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + api.port() + "/api/v1/requests/" + id + "/approve"))
                        .header("Authorization", "Bearer admin")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(said))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aRawImageBecomesPublicByAStatementOfTheReleaseKeyAndByNoOther() throws Exception {
        var id = asked("s1", "west", "ceph");
        publisher.approve(id, "bea");
        assertThat(once("west")).isZero();
        assertThat(once("ceph")).isEqualTo(1);
        assertThat(reason(id, "ceph")).contains("is in the disk format “raw”, and no signed statement");

        // The regions of this test are given the same file.
        var image = requested.measurer.measure(folder.resolve("images/s1"));
        var built = new ImageBuilt("releases/x/files/tiny.qcow2", image, 1, "p", 1, null, null, List.of());
        var sums = Sha256.of(Requested.checksums(image.digests().sha256()));
        var sealed = new ReleaseSealed("releases/" + id, sums, "KEY", requested.now, List.of());
        var statement =
                new ReleaseAttester("f4c70r", "1").conversion(built, sealed, new Converted(DiskFormat.RAW, image));
        var key = "releases/" + id + "/statements/raw.intoto.json";
        publisher.approve(id, "bea");
        store.write(key, new Envelope(statement).sign(signer(SigningKeyPolicy.RELEASE, "others"), "KEY"));
        assertThat(once("ceph")).isEqualTo(1);
        assertThat(reason(id, "ceph")).contains("not signed by the pinned release key");

        publisher.approve(id, "bea");
        store.write(key, new Envelope(statement).sign(releases, "KEY"));
        assertThat(once("west")).isZero();
        assertThat(once("ceph")).isZero();
        assertThat(requested.latest("ceph")).isEqualTo("s1");
    }

    private String reason(BuildId id, String region) {
        return String.valueOf(requested
                .requests
                .find(id)
                .orElseThrow()
                .in(region)
                .orElseThrow()
                .reason());
    }

    @Test
    void theProcessItselfPublishesAndEnds() throws Exception {
        publisher.approve(asked("s1", "west"), "bea");
        var log = folder.resolve("log").toFile();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "publisher",
                        "--config",
                        configuration("west", "keys", "").toString(),
                        "--once")
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            assertThat(process.waitFor()).as(Files.readString(log.toPath())).isZero();
        } finally {
            process.destroyForcibly();
        }
        assertThat(requested.latest("west")).isEqualTo("s1");
        assertThat(Files.readString(log.toPath()))
                .contains("tiny s1: verified: SHA-256 ", "tiny s1: published as Tiny_latest")
                .doesNotContain("Exception");
    }

    @Test
    void anApprovalOfAnotherKeyIsRefusedAndTheFactoryShowsWhy() throws Exception {
        signer(SigningKeyPolicy.APPROVAL, "others").usableKey();
        var id = asked("s1", "west");
        publisher.approve(id, "bea");
        var config = PublisherConfig.read(configuration("west", "others", ""));
        assertThat(PublisherProcess.run(config, true, said::add)).isEqualTo(1);
        assertThat(requested.latest("west")).isEqualTo("nothing");
        var shown = JsonMapper.shared()
                .readValue(ask("admin", "GET", "/requests", "").body(), RequestView[].class)[0];
        assertThat(shown.approval().envelope()).contains("application/vnd.in-toto+json");
        assertThat(shown.regions()).singleElement().satisfies(region -> {
            assertThat(region.state()).isEqualTo("FAILED");
            assertThat(region.reason()).contains("not signed by the pinned approval key");
        });
    }

    @Test
    void aReleaseThatCannotBeShownIsNotPublished() throws Exception {
        var id = asked("s1", "west");
        store.delete("releases/" + id);
        publisher.approve(id, "bea");
        assertThat(once("west")).isEqualTo(1);
        assertThat(requested
                        .requests
                        .find(id)
                        .orElseThrow()
                        .in("west")
                        .orElseThrow()
                        .reason())
                .contains("does not show the release's SHA256SUMS");
    }

    @Test
    void aFactoryThatIsAwayOrWantsAnotherTokenIsTold() throws Exception {
        var config = configuration("west", "keys", "");
        Files.writeString(folder.resolve("west.token"), "other");
        assertThat(PublisherProcess.run(PublisherConfig.read(config), true, said::add))
                .isEqualTo(3);
        assertThat(said.getLast()).contains("answers 401", "ifaas tokens create");
        api.close();
        assertThat(PublisherProcess.run(PublisherConfig.read(config), true, said::add))
                .isEqualTo(3);
        assertThat(said.getLast()).contains("does not answer", "asked again");
    }

    @Test
    void aStateFolderIsOfOneRegion() throws Exception {
        assertThat(once("west")).isZero();
        var east = configuration("east", "keys", "");
        Files.writeString(east, Files.readString(east).replace("state-east", "state-west"));
        assertThatThrownBy(() -> PublisherProcess.run(PublisherConfig.read(east), true, said::add))
                .hasMessageContaining("is that of region west, not of east");
    }

    private HttpResponse<String> ask(String token, String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/api/v1" + path))
                        .header("Authorization", "Bearer " + token)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private ErrorView refused(int status, String token, String method, String path, String body) throws Exception {
        var answer = ask(token, method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readValue(answer.body(), ErrorView.class);
    }

    @Test
    void aTokenIsForItsOwnRegionAndForWhatIsApprovedNow() throws Exception {
        var id = asked("s1", "own-a", "west");
        publisher.approve(id, "bea");
        var listed = ask("west", "GET", "/publications", "").body();
        var waiting = JsonMapper.shared().readValue(listed, PublicationView[].class);
        assertThat(waiting).hasSize(1);
        var nonce = waiting[0].request().approval().nonce();
        var path = "/publications/" + id;
        assertThat(JsonMapper.shared()
                        .readValue(ask("east", "GET", "/publications", "").body(), PublicationView[].class))
                .isEmpty();
        assertThat(refused(403, "east", "GET", "/publications?region=west", "").field())
                .isEqualTo("region");
        assertThat(refused(400, "admin", "GET", "/publications", "").field()).isEqualTo("region");
        assertThat(refused(409, "admin", "GET", "/publications?region=own-a", "")
                        .mend())
                .contains("published_by");
        var verified = "{\"nonce\":\"" + nonce + "\",\"state\":\"VERIFIED\"}";
        assertThat(JsonMapper.shared()
                        .readValue(ask("limited", "GET", "/publications", "").body(), PublicationView[].class))
                .isEmpty();
        refused(404, "limited", "POST", path, verified);
        refused(409, "east", "POST", path, verified);
        refused(404, "west", "POST", "/publications/none", verified);
        assertThat(refused(409, "west", "POST", path, verified.replace(nonce, "x"))
                        .field())
                .isEqualTo("nonce");
        assertThat(refused(400, "west", "POST", path, "{\"state\":\"VERIFIED\"}")
                        .field())
                .isEqualTo("nonce");
        assertThat(refused(400, "west", "POST", path, verified.replace("VERIFIED", "WAITING"))
                        .field())
                .isEqualTo("state");
        assertThat(ask("west", "POST", path, verified).statusCode()).isEqualTo(200);
        assertThat(requested.states(id)).containsExactly("own-a VERIFIED", "west VERIFIED");
    }

    @Test
    void everyErrorOfTheConfigurationIsToldAtOnce() throws Exception {
        var file = Files.writeString(folder.resolve("bad.yaml"), """
                factory: {url: "http://images.example.org", certificate_file: /nowhere, timeout: soon}
                region: "a b"
                release_key: %s
                approval_key: %s
                every: never
                secret: x
                """.formatted(
                        folder.resolve("bad.yaml"), folder.resolve("keys/release-key.asc")));
        assertThatThrownBy(() -> PublisherConfig.read(file))
                .isInstanceOf(Config.Invalid.class)
                .hasMessageContainingAll(
                        "factory.url: http://images.example.org is not https",
                        "factory.certificate_file: /nowhere is not a file that can be read",
                        "factory.token_file: nothing is not a file that can be read",
                        "factory.timeout: soon is not a duration",
                        "region: a b is not the name of a region",
                        "cloud.name: nothing is not the only one",
                        "is not a public OpenPGP key",
                        "every: never is not a duration",
                        "secret: there is no such setting; see docs/operate/publisher.md");
        var same = configuration("west", "keys", "");
        Files.writeString(same, Files.readString(same).replace("approval-key.asc", "release-key.asc"));
        assertThatThrownBy(() -> PublisherConfig.read(same)).hasMessageContaining("another key than release_key");
        var cloud = configuration("east", "keys", "cloud: {name: none, clouds_yaml: /nowhere}");
        assertThatThrownBy(() -> PublisherConfig.read(cloud))
                .hasMessageContainingAll(
                        "cloud.name: none is not the only one", "cloud.region: nothing", "no cloud none");
        assertThat(PublisherProcess.run(List.of("--once"))).isEqualTo(2);
        assertThat(PublisherProcess.run(List.of("--config", "/nowhere"))).isEqualTo(2);
    }
}
