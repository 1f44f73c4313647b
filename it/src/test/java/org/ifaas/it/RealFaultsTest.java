package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.host.HostSize;
import org.ifaas.factory.host.InstanceRequest;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.cloud.Cloud;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.openstack.nova.NovaTestInstances;
import org.ifaas.openstack.nova.Placement;
import org.ifaas.release.digest.ParallelMeasurer;
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

/** What each service of a real OpenStack may answer with: either it passes, or it is told, and in the end nothing is left. */
@Tag("slow")
@ResourceLock("openstack")
@ExtendWith(RealCloud.Running.class)
@Order(4)
class RealFaultsTest {
    private static final String INSTANCE = "ifaas-fa1715-k3f9x2ma-t1";

    @TempDir
    Path folder;

    private final Map<String, FaultProxy> proxies = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private RealCloud cloud;
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
        var client = RealCloud.client(new Cloud(
                known.name(),
                known.source(),
                proxy("identity", known.authUrl()),
                known.credential(),
                known.regions(),
                known.face(),
                known.caFile(),
                known.verify(),
                endpoints));
        region = region(client);
        instances = new NovaTestInstances(client, placement(), new Names("fa1715"), Pause.REAL, Clock.systemUTC());
        image = image();
    }

    private URI proxy(String service, URI there) throws Exception {
        var proxy = new FaultProxy(there);
        proxies.put(service, proxy);
        return proxy.address();
    }

    private static GlanceRegion region(CloudClient client) {
        return new GlanceRegion(
                "factory.RegionOne",
                client.service("image", "RegionOne"),
                "fa1715",
                GlancePolicy.defaults(),
                Pause.REAL);
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

    /** An empty disk: a server is ACTIVE whether or not something boots from it. */
    private NewImage image() throws Exception {
        var file = folder.resolve("empty.qcow2");
        var made = new ProcessBuilder("qemu-img", "create", "-q", "-f", "qcow2", file.toString(), "8M").start();
        assertThat(made.waitFor()).isZero();
        return new NewImage("faults", file, new ParallelMeasurer().measure(file), Map.of());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        proxies.values().forEach(FaultProxy::well);
        instances.destroy(INSTANCE);
        for (var own : region.own()) {
            region.delete(own.ref().id());
        }
        proxies.values().forEach(FaultProxy::close);
        assertThat(region(RealCloud.client(RealCloud.cloud("factory"))).own()).isEmpty();
        cloud.assertNoServerIsLeft();
    }

    private void boot(ImageRef from) throws StageFailure, InterruptedException {
        var key = new SshKey(Path.of("/nowhere"), key());
        var request = new InstanceRequest(
                INSTANCE,
                from,
                null,
                DiskFormat.QCOW2,
                "amd64",
                Firmware.BIOS,
                "faults",
                "root",
                key,
                new HostSize(1, 64, 1),
                null,
                List.of());
        instances.boot(request, log::add);
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
        } catch (java.io.IOException | InterruptedException e) {
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
    @ValueSource(ints = {401, 403, 404, 413})
    void glanceRefusesTheBytes(int status) throws Exception {
        proxies.get("image").answer("PUT .*/file", 9, status, Map.of());
        assertTold(catchThrowableOfType(StageFailure.class, () -> region.register(image, log::add)), status);
        assertThat(region.own()).as("nothing half made").isEmpty();
        proxies.get("image").well();
        assertThat(region.register(image, log::add).status()).isEqualTo("active");
        assertThat(region.own()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 413})
    void glanceRefusesTheImage(int status) throws Exception {
        proxies.get("image").answer("POST .*/v2/images", 9, status, Map.of());
        assertTold(catchThrowableOfType(StageFailure.class, () -> region.register(image, log::add)), status);
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
        }
        assertThat(region.register(image, log::add).status()).isEqualTo("active");
        assertThat(glance.answered()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(region.own()).extracting(RegionImage::status).containsExactly("active");
    }

    @ParameterizedTest
    @CsvSource({
        "compute, POST .*/servers, 401",
        "compute, POST .*/servers, 403",
        "compute, POST .*/servers, 404",
        "compute, POST .*/servers, 409",
        "compute, POST .*/servers, 413",
        "compute, POST .*/os-keypairs, 403",
        "compute, GET .*/limits, 403",
        "network, POST .*/security-groups, 403",
        "network, POST .*/security-groups, 404",
        "network, POST .*/security-groups, 409",
        "network, POST .*/security-group-rules, 403",
        "network, GET .*/networks, 404",
        "identity, POST .*/auth/tokens, 401",
        "identity, POST .*/auth/tokens, 403"
    })
    void aServerThatIsRefusedIsToldAndLeavesNothing(String service, String request, int status) {
        proxies.get(service).answer(request, 99, status, Map.of());
        var ref = new ImageRef("factory.RegionOne", "11111111-2222-3333-4444-555555555555");
        assertTold(catchThrowableOfType(StageFailure.class, () -> boot(ref)), status);
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
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
