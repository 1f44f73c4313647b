package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.NoRoom;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.Approval;
import org.ifaas.factory.publish.RegionPublisher;
import org.ifaas.openstack.client.ClientPolicy;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.client.Service;
import org.ifaas.openstack.cloud.Cloud;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.openstack.nova.NovaTestInstances;
import org.ifaas.openstack.nova.Placement;
import org.ifaas.release.digest.ParallelMeasurer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What each service of a real OpenStack may answer with: either it passes, or it is told, and in the end nothing is left. */
@Tag("slow")
@ResourceLock("openstack")
@ExtendWith(RealCloud.Running.class)
@Order(4)
class RealFaultsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String INSTANCE = "ifaas-fa1715-k3f9x2ma-t1";

    private static final ImageRef NO_IMAGE = new ImageRef("factory.RegionOne", "11111111-2222-3333-4444-555555555555");

    @TempDir
    Path folder;

    private final Map<String, FaultProxy> proxies = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private RealCloud cloud;
    private CloudClient client;
    private GlanceRegion region;
    private NovaTestInstances instances;
    private NewImage image;

    @BeforeEach
    void everyServiceByAProxy(RealCloud running) throws Exception {
        cloud = running;
        var known = RealCloud.cloud("factory");
        var direct = RealCloud.client(known);
        var endpoints = new HashMap<>(known.endpoints());
        for (var service : List.of("image", "compute", "network")) {
            endpoints.put(service, proxy(service, direct.endpoint(service, "RegionOne")));
        }
        client = client(known, proxy("identity", known.authUrl()), endpoints);
        region = region(client, Pause.REAL);
        instances = instances(Pause.REAL);
        image = image("faults", 8);
    }

    /** One that waits for nothing before it asks again. */
    private static CloudClient client(Cloud known, URI identity, Map<String, URI> endpoints) throws IOException {
        var by = new Cloud(
                known.name(),
                known.source(),
                identity,
                known.credential(),
                known.regions(),
                known.face(),
                known.caFile(),
                known.verify(),
                endpoints);
        return new CloudClient(by, ClientPolicy.defaults(), Clock.systemUTC(), time -> {});
    }

    private NovaTestInstances instances(Pause pause) {
        return new NovaTestInstances(client, placement(), new Names("fa1715"), pause, Clock.systemUTC());
    }

    private URI proxy(String service, URI there) throws Exception {
        var proxy = new FaultProxy(there);
        proxies.put(service, proxy);
        return proxy.address();
    }

    private static GlanceRegion region(CloudClient client, Pause pause) {
        return new GlanceRegion(
                "factory.RegionOne", client.service("image", "RegionOne"), "fa1715", GlancePolicy.defaults(), pause);
    }

    private static Placement placement() {
        return new Placement(
                "RegionOne",
                "guests",
                null,
                RealCloud.RANGE + ".255.1/32",
                null,
                "",
                "",
                0,
                null,
                12,
                null,
                Duration.ofMinutes(10));
    }

    /** An empty disk: a server is ACTIVE whether or not something boots from it. No name comes twice, for Glance refuses used ids. */
    private NewImage image(String name, int mebibytes) throws Exception {
        var file = folder.resolve(name + ".qcow2");
        var made = new ProcessBuilder("qemu-img", "create", "-q", "-f", "qcow2", file.toString(), mebibytes + "M");
        assertThat(made.start().waitFor()).isZero();
        var unique = name + "-" + UUID.randomUUID();
        return new NewImage(unique, file, new ParallelMeasurer().measure(file), Map.of("internal_version", name));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        proxies.values().forEach(FaultProxy::well);
        instances.destroy(INSTANCE);
        for (var own : region.own()) {
            region.delete(own.ref().id());
        }
        proxies.values().forEach(FaultProxy::close);
        assertThat(region(RealCloud.client(RealCloud.cloud("factory")), Pause.REAL)
                        .own())
                .isEmpty();
        assertThat(cloud.publicImages("RegionOne")).isEmpty();
        cloud.assertNoServerIsLeft();
    }

    private void boot(ImageRef from) throws StageFailure, InterruptedException {
        instances.boot(request(INSTANCE, from, null), log::add);
    }

    private InstanceRequest request(String name, ImageRef from, @Nullable String flavor) {
        var key = new SshKey(Path.of("/nowhere"), key());
        return new InstanceRequest(
                name,
                from,
                null,
                DiskFormat.QCOW2,
                "amd64",
                Firmware.BIOS,
                "faults",
                "root",
                key,
                new HostSize(1, 64, 1),
                flavor,
                List.of());
    }

    /** Of nobody. */
    private String key() {
        try {
            var file = folder.resolve("key");
            if (Files.notExists(file)) {
                var made = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString());
                assertThat(made.start().waitFor()).isZero();
            }
            return Files.readString(folder.resolve("key.pub"));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void assertTold(StageFailure failure, int status) {
        assertThat(failure).isNotNull();
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessageContainingAll(Integer.toString(status), "forced by a test", "req-forced");
        assertThat(failure.mend()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 413, 503})
    void glanceRefusesTheBytes(int status) throws Exception {
        proxies.get("image").answer("PUT .*/file", 9, status, Map.of());
        var impatient = region(client, time -> {});
        assertTold(catchThrowableOfType(StageFailure.class, () -> impatient.register(image, log::add)), status);
        assertThat(region.own()).as("nothing half made").isEmpty();
        assertThat(cloud.publicImages("RegionOne")).isEmpty();
        proxies.get("image").well();
        assertThat(region.register(image, log::add).status()).isEqualTo("active");
        assertThat(region.own()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 413, 503})
    void glanceRefusesTheImage(int status) throws Exception {
        proxies.get("image").answer("POST .*/v2/images", 9, status, Map.of());
        var impatient = region(client, time -> {});
        assertTold(catchThrowableOfType(StageFailure.class, () -> impatient.register(image, log::add)), status);
        assertThat(region.own()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"POST .*/v2/images", "PUT .*/file", "GET .*/v2/images/.*"})
    void whatPassesInGlancePasses(String request) throws Exception {
        var glance = proxies.get("image");
        glance.answer(request, 1, 401, Map.of());
        glance.answer(request, 1, 429, Map.of("Retry-After", "1"));
        glance.answer(request, 1, 503, Map.of());
        if (!request.startsWith("GET")) {
            glance.answer(request, 1, 500, Map.of());
            glance.answer(request, 1, 409, Map.of());
        }
        assertThat(region.register(image, log::add).status()).isEqualTo("active");
        assertThat(glance.met()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(region.own()).extracting(RegionImage::status).containsExactly("active");
    }

    @ParameterizedTest
    @CsvSource({
        "compute, POST .*/servers, 401",
        "compute, POST .*/servers, 403",
        "compute, POST .*/servers, 404",
        "compute, POST .*/servers, 409",
        "compute, POST .*/servers, 413",
        "compute, POST .*/servers, 500",
        "compute, POST .*/os-keypairs, 403",
        "compute, POST .*/os-keypairs, 503",
        "compute, GET .*/limits, 403",
        "network, POST .*/security-groups, 403",
        "network, POST .*/security-groups, 404",
        "network, POST .*/security-groups, 409",
        "network, POST .*/security-group-rules, 403",
        "network, POST .*/security-group-rules, 500",
        "network, GET .*/networks, 404",
        "network, GET .*/networks, 503",
        "identity, POST .*/auth/tokens, 401",
        "identity, POST .*/auth/tokens, 403",
        "identity, POST .*/auth/tokens, 500"
    })
    void aServerThatIsRefusedIsToldAndLeavesNothing(String service, String request, int status) {
        proxies.get(service).answer(request, 99, status, Map.of());
        instances = instances(time -> {});
        assertTold(catchThrowableOfType(StageFailure.class, () -> boot(NO_IMAGE)), status);
    }

    @Test
    void whatPassesInNovaNeutronAndKeystonePasses() throws Exception {
        var registered = region.register(image, log::add);
        for (var request : List.of("POST .*/servers", "POST .*/os-keypairs", "GET .*/servers/detail")) {
            proxies.get("compute").answer(request, 1, 401, Map.of());
            proxies.get("compute").answer(request, 1, 429, Map.of("Retry-After", "1"));
            proxies.get("compute").answer(request, 1, 503, Map.of());
        }
        proxies.get("network").answer("POST .*/security-groups", 1, 401, Map.of());
        proxies.get("network").answer("POST .*/security-groups", 1, 503, Map.of());
        proxies.get("network").answer("POST .*/security-group-rules", 1, 429, Map.of("Retry-After", "1"));
        proxies.get("identity").answer("POST .*/auth/tokens", 1, 503, Map.of());
        boot(registered.ref());
        assertThat(cloud.servers()).containsExactly(INSTANCE);
    }

    @Test
    void aServerWhoseAnswerIsAnErrorIsLookedForAndMadeOnce() throws Exception {
        var registered = region.register(image, log::add);
        proxies.get("compute").answer("POST .*/servers", 1, 500, Map.of());
        boot(registered.ref());
        assertThat(cloud.servers()).containsExactly(INSTANCE);
    }

    @Test
    void answersThatGetLostWhenAllIsDoneMakeAndRemoveEachThingOnce() throws Exception {
        for (var request : List.of("POST .*/v2/images", "PUT .*/file")) {
            proxies.get("image").loseAnswer(request);
        }
        for (var request : List.of("POST .*/servers", "POST .*/os-keypairs", "DELETE .*/servers/.*")) {
            proxies.get("compute").loseAnswer(request);
        }
        for (var request : List.of("POST .*/security-groups", "DELETE .*/security-groups/.*")) {
            proxies.get("network").loseAnswer(request);
        }
        var registered = region.register(image, log::add);
        boot(registered.ref());
        assertThat(log).anyMatch(line -> line.contains("the answer got lost, and server"));
        assertThat(cloud.servers()).containsExactly(INSTANCE);
        assertThat(cloud.keypairs()).containsExactly(INSTANCE);
        assertThat(cloud.securityGroups()).containsExactly(INSTANCE);
        instances.destroy(INSTANCE);
        assertThat(proxies.get("compute").met()).hasSize(3);
        assertThat(proxies.get("network").met()).hasSize(2);
        cloud.assertNoServerIsLeft();
        assertThat(region.own()).containsExactly(registered);
    }

    @Test
    void whatIsMadeTwiceUnderOneNameEndsAsOne() throws Exception {
        proxies.get("image").sendTwice("POST .*/v2/images");
        proxies.get("compute").sendTwice("POST .*/servers");
        proxies.get("network").sendTwice("POST .*/security-groups");
        var registered = region.register(image, log::add);
        assertThat(region.own()).containsExactly(registered);
        boot(registered.ref());
        assertThat(log).anyMatch(line -> line.contains("was made twice"));
        RunningFactory.await("one server is left", () -> cloud.servers().equals(List.of(INSTANCE)));
        assertThat(cloud.securityGroups()).containsExactly(INSTANCE, INSTANCE);
    }

    /** An image's id that was used once is refused for ever. */
    @Test
    void anImageThatWasRemovedIsRegisteredUnderAnotherId() throws Exception {
        var first = region.register(image, log::add).ref();
        region.delete(first.id());
        assertThat(region.register(image, log::add).ref()).isNotEqualTo(first);
        assertThat(region.own()).hasSize(1);
    }

    @Test
    void aServerThatNoComputeHostHasRoomForIsToldWithNovasReason() throws Exception {
        var nova = admin("compute");
        var flavor = JSON.createObjectNode();
        flavor.putObject("flavor")
                .put("name", "huge")
                .put("vcpus", 1)
                .put("ram", 64)
                .put("disk", 100_000);
        var id = nova.post("/flavors", flavor).at("/flavor/id").asString();
        try {
            var request = request(INSTANCE, region.register(image, log::add).ref(), "huge");
            var failure = catchThrowableOfType(StageFailure.class, () -> instances.boot(request, log::add));
            assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
            assertThat(failure).hasMessageContainingAll(INSTANCE + " is ERROR", "No valid host was found");
            assertThat(failure.mend()).contains("the flavor or the zone has no room");
            assertThat(instances.list()).as("for the clean-up").containsExactly(INSTANCE);
        } finally {
            nova.delete("/flavors/" + id);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "compute, /os-quota-sets/, quota_set, key_pairs, 0",
        "network, /v2.0/quotas/, quota, security_group, 1",
        "network, /v2.0/quotas/, quota, security_group_rule, 4",
        "network, /v2.0/quotas/, quota, port, 0"
    })
    void aFullQuotaOfWhatAServerNeedsIsWaitedForAndLeavesNothing(
            String service, String path, String kind, String of, int limit) throws Exception {
        var registered = region.register(image, log::add);
        withQuota(service, path, kind, of, limit, () -> {
            var full = catchThrowableOfType(NoRoom.class, () -> boot(registered.ref()));
            assertThat(full).as("%s", log).isNotNull().hasMessageContaining("project imagefactory in RegionOne: ");
            assertThat(full.mend()).contains("quota raised");
            cloud.assertNoServerIsLeft();
        });
    }

    @Test
    void aFullQuotaOfServersIsWaitedForWithItsNumbers() throws Exception {
        var registered = region.register(image, log::add);
        boot(registered.ref());
        withQuota("compute", "/os-quota-sets/", "quota_set", "instances", 1, () -> {
            var second = request(INSTANCE.replace("t1", "t2"), registered.ref(), null);
            assertThat(catchThrowableOfType(NoRoom.class, () -> instances.checkRoom(second, 1)))
                    .hasMessageContaining("the quota of servers is full: 1 of 1 are used, 1 more are needed");
            assertThat(catchThrowableOfType(NoRoom.class, () -> instances.boot(second, log::add)))
                    .isNotNull();
            assertThat(cloud.servers()).containsExactly(INSTANCE);
            assertThat(cloud.keypairs()).containsExactly(INSTANCE);
        });
    }

    private interface Step {
        void run() throws Exception;
    }

    private void withQuota(String service, String path, String kind, String of, int limit, Step step) throws Exception {
        var quotas = admin(service);
        var project = path + RealCloud.client(RealCloud.cloud("factory")).projectId();
        var body = JSON.createObjectNode();
        body.putObject(kind).put(of, limit);
        quotas.put(project, body);
        try {
            step.run();
        } finally {
            quotas.delete(project);
        }
    }

    private static Service admin(String service) throws Exception {
        return RealCloud.client(RealCloud.cloud("publisher-regionone")).service(service, "RegionOne");
    }

    /** The publisher's Glance fails: what was the latest stays it, or nothing is; what is not verified is never public. */
    @ParameterizedTest
    @CsvSource({"GET .*/file, 500", "PATCH .*, 401", "PATCH .*, 403", "PATCH .*, 409", "PATCH .*, 500", "PATCH .*, 503"
    })
    void aPublicationThatFailsChangesNothingAndIsDoneInTheEnd(String request, int status) throws Exception {
        var older = approved("older", 8);
        publish(older);
        var newer = approved("newer", 9);
        proxies.get("image").answer(request, 99, status, Map.of());
        assertTold(catchThrowableOfType(StageFailure.class, () -> publish(newer)), status);
        proxies.get("image").well();
        assertThat(shown()).containsExactlyInAnyOrder("Faults_latest public of older", "newer private of newer");
        publish(newer);
        assertThat(shown())
                .containsExactlyInAnyOrder("Faults_latest public of newer", "Faults_prev1 public of older, hidden");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPublicationThatFailsHalfWayIsEndedByTheNextTry(boolean done) throws Exception {
        publish(approved("older", 8));
        var newer = approved("newer", 9);
        var change = "PATCH .*/" + newer.images().getFirst().id();
        if (done) {
            proxies.get("image").loseAnswer(change);
        } else {
            proxies.get("image").answer(change, 99, 403, Map.of());
        }
        assertThat(catchThrowableOfType(StageFailure.class, () -> publish(newer)))
                .isNotNull();
        proxies.get("image").well();
        assertThat(shown())
                .containsExactlyInAnyOrder(
                        done ? "Faults_latest public of newer" : "newer private of newer",
                        "Faults_prev1 public of older, hidden");
        publish(newer);
        assertThat(shown())
                .containsExactlyInAnyOrder("Faults_latest public of newer", "Faults_prev1 public of older, hidden");
    }

    private Approval approved(String name, int mebibytes) throws Exception {
        var made = image(name, mebibytes);
        var now = Clock.systemUTC().instant();
        return new Approval(
                BuildId.random(),
                "faults",
                name,
                "Faults",
                "a".repeat(64),
                made.measured().digests().sha256(),
                List.of(region.register(made, log::add).ref()),
                List.of(),
                0,
                "anna",
                "bea",
                Approval.FOUR_EYES,
                now,
                now.plusSeconds(600),
                "b".repeat(32));
    }

    /** By the credential that may, and the same proxy. */
    private void publish(Approval approval) throws Exception {
        var known = RealCloud.cloud("publisher-regionone");
        var by = client(
                known, known.authUrl(), Map.of("image", proxies.get("image").address()));
        var publisher = new RegionPublisher(region(by, Pause.REAL), new ParallelMeasurer());
        publisher.verify(approval, Map.of("qcow2", approval.sha256()));
        publisher.publish(approval);
    }

    private List<String> shown() throws StageFailure {
        return region.own().stream()
                .map(one -> one.name().replaceFirst("-.*", "") + " " + one.visibility() + " of "
                        + one.properties().get("internal_version") + (one.hidden() ? ", hidden" : ""))
                .toList();
    }

    @Test
    void aTokenThatIsRevokedInTheMiddleOfAnUploadIsMadeAnew() throws Exception {
        var known = RealCloud.cloud("factory");
        var glance = RealCloud.client(known).endpoint("image", "RegionTwo");
        try (var wire = new CutWire(glance);
                var keystone = new FaultProxy(known.authUrl())) {
            var client = RealCloud.client(new Cloud(
                    known.name(),
                    known.source(),
                    keystone.address(),
                    known.credential(),
                    known.regions(),
                    known.face(),
                    known.caFile(),
                    known.verify(),
                    Map.of("image", wire.address())));
            var two = new GlanceRegion(
                    "west", client.service("image", "RegionTwo"), "fa1715", GlancePolicy.defaults(), Pause.REAL);
            assertThat(two.availability().available()).isTrue();
            wire.after(50_000, () -> revoke(known.authUrl(), keystone.token()));
            var file = Files.write(folder.resolve("some"), new byte[400_000]);
            var some = new NewImage("revoked", file, new ParallelMeasurer().measure(file), Map.of());
            assertThat(two.register(some, log::add).status()).isEqualTo("active");
            assertThat(wire.hasHappened()).isTrue();
            assertThat(two.own()).hasSize(1);
            two.delete(two.own().getFirst().ref().id());
        }
    }

    private static void revoke(URI keystone, String token) {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(keystone + "/auth/tokens"))
                    .header("X-Auth-Token", token)
                    .header("X-Subject-Token", token)
                    .DELETE()
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(204);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
