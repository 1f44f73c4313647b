package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.image.RegistryContract;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.openstack.client.CloudClient;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.cloud.Cloud;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.openstack.glance.ImportMethod;
import org.ifaas.openstack.glance.ServedStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A real Glance keeps what every region has to keep, over a wire that can be cut. */
@Tag("slow")
@ResourceLock("openstack")
@ExtendWith(RealCloud.Running.class)
@Order(9)
class RealGlanceTest extends RegistryContract {
    private RealCloud cloud;
    private CutWire wire;
    private Registry region;

    @BeforeEach
    void byAWireToRegionTwo(RealCloud running) throws Exception {
        cloud = running;
        var publisher = RealCloud.cloud("publisher-regiontwo");
        wire = new CutWire(RealCloud.client(publisher).endpoint("image", "RegionTwo"));
        region = region(RealCloud.client(by(publisher, wire.address())), GlancePolicy.defaults());
    }

    private static Cloud by(Cloud cloud, URI glance) {
        var endpoints = new HashMap<>(cloud.endpoints());
        endpoints.put("image", glance);
        return new Cloud(
                cloud.name(),
                cloud.source(),
                cloud.authUrl(),
                cloud.credential(),
                cloud.regions(),
                cloud.face(),
                cloud.caFile(),
                cloud.verify(),
                endpoints);
    }

    private static GlanceRegion region(CloudClient client, GlancePolicy policy) {
        return new GlanceRegion("west", client.service("image", "RegionTwo"), "f4c70r", policy, Pause.REAL);
    }

    private GlanceRegion region(ImportMethod method, @Nullable ServedStore served, String... stores)
            throws IOException {
        var policy = new GlancePolicy(DiskFormat.QCOW2, method, List.of(stores), served, Duration.ofSeconds(10));
        return region(RealCloud.client(by(RealCloud.cloud("publisher-regiontwo"), wire.address())), policy);
    }

    /** The artifact store, as the machine offers it to the cloud. */
    private HttpServer serving(HttpHandler handler) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(RealCloud.RANGE + ".255.1", 0), 0);
        server.createContext("/store/", handler);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    private ServedStore store(HttpServer server) {
        return new ServedStore(
                inputs.toAbsolutePath(),
                URI.create("http://%s.255.1:%d/store"
                        .formatted(RealCloud.RANGE, server.getAddress().getPort())));
    }

    @AfterEach
    void leaveItEmpty() throws Exception {
        for (var image : region.list()) {
            region.delete(image.ref().id());
        }
        wire.close();
    }

    @Override
    protected Registry registry() {
        return region;
    }

    /** Glance tells times to the second: the order within one is not told. */
    @Override
    @Test
    protected void another_name_or_content_is_another_image() throws Exception {
        var a = region.register(image("a", 1), LOG);
        var b = region.register(image("b", 1), LOG);
        var again = region.register(image("a", 2), LOG);
        assertThat(region.list()).containsExactlyInAnyOrder(again, b, a);
        assertThat(region.named("a")).containsExactlyInAnyOrder(again, a);
        assertThat(region.named("nobody")).isEmpty();
    }

    @Test
    void an_upload_that_is_cut_anywhere_is_sent_again_and_leaves_one_image() throws Exception {
        var random = new Random(20);
        for (int i = 0; i < 20; i++) {
            wire.cutAfter(random.nextLong(200_000));
            assertThat(region.register(image("cut-" + i, i), LOG).status()).isEqualTo("active");
            assertThat(wire.hasHappened())
                    .as("the wire of upload %d was cut", i)
                    .isTrue();
        }
        assertThat(region.list()).extracting(RegionImage::status).hasSize(20).containsOnly("active");
    }

    @Test
    void a_glance_that_is_killed_in_an_upload_and_comes_back_has_one_image() throws Exception {
        wire.after(100_000, () -> {
            cloud.kill("glance-two");
            cloud.revive("glance-two");
        });
        assertThat(region.register(image("a", 1), LOG).status()).isEqualTo("active");
        assertThat(wire.hasHappened()).isTrue();
        assertThat(region.list()).hasSize(1);
    }

    @Test
    void a_glance_that_stays_away_is_a_failure_of_the_cloud_that_a_later_try_mends() throws Exception {
        wire.after(100_000, () -> cloud.kill("glance-two"));
        var failure = catchThrowableOfType(StageFailure.class, () -> region.register(image("a", 1), LOG));
        cloud.revive("glance-two");
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        RunningFactory.await("Glance is back", () -> region.availability().available());
        assertThat(region.register(image("a", 1), LOG).status()).isEqualTo("active");
        assertThat(region.list()).hasSize(1);
    }

    @Test
    void a_region_that_wants_raw_images_has_them_as_raw_byte_for_byte() throws Exception {
        var client = RealCloud.client(by(RealCloud.cloud("publisher-regiontwo"), wire.address()));
        var raw = region(client, GlancePolicy.of(DiskFormat.RAW)).register(image("a", 1), LOG);
        assertThat(raw.diskFormat()).isEqualTo("raw");
        assertThat(raw.properties()).containsEntry("min_disk", "3");
        var read = new ByteArrayOutputStream();
        region.read(raw.ref().id(), read);
        assertThat(read.toByteArray())
                .isEqualTo(Files.readAllBytes(image("a", 1).file()));
    }

    @Test
    void what_is_staged_is_imported_and_a_cut_anywhere_begins_again() throws Exception {
        var staging = region(ImportMethod.GLANCE_DIRECT, null);
        assertThat(staging.availability().available()).isTrue();
        var random = new Random(21);
        for (int i = 0; i < 3; i++) {
            wire.cutAfter(random.nextLong(200_000));
            assertThat(staging.register(image("cut-" + i, i), LOG).status()).isEqualTo("active");
            assertThat(wire.hasHappened()).as("cut %d", i).isTrue();
        }
        assertThat(region.list()).extracting(RegionImage::status).hasSize(3).containsOnly("active");
    }

    @Test
    void a_glance_that_is_killed_while_it_stages_and_comes_back_has_one_image() throws Exception {
        wire.after(100_000, () -> {
            cloud.kill("glance-two");
            cloud.revive("glance-two");
        });
        var registered = region(ImportMethod.GLANCE_DIRECT, null).register(image("a", 1), LOG);
        assertThat(registered.status()).isEqualTo("active");
        assertThat(wire.hasHappened()).isTrue();
        assertThat(region.list()).containsExactly(registered);
    }

    @Test
    void glance_fetches_from_the_artifact_store() throws Exception {
        var server = serving(SimpleFileServer.createFileHandler(inputs.toAbsolutePath()));
        try {
            assertThat(region(ImportMethod.WEB_DOWNLOAD, store(server))
                            .register(image("a", 1), LOG)
                            .status())
                    .isEqualTo("active");
        } finally {
            server.stop(0);
        }
        assertThat(region.list()).hasSize(1);
    }

    @Test
    void what_glance_can_not_fetch_is_told_in_the_words_of_its_task_and_leaves_nothing() throws Exception {
        var server = serving(exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        try {
            var failure = catchThrowableOfType(
                    StageFailure.class,
                    () -> region(ImportMethod.WEB_DOWNLOAD, store(server)).register(image("a", 1), LOG));
            assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
            assertThat(failure).hasMessageContaining("its import has failed").hasMessageMatching("(?s).*: \\S.*req-.*");
        } finally {
            server.stop(0);
        }
        var elsewhere = new ServedStore(inputs.toAbsolutePath(), URI.create("http://192.0.2.1/store"));
        var failure = catchThrowableOfType(
                StageFailure.class,
                () -> region(ImportMethod.WEB_DOWNLOAD, elsewhere).register(image("a", 1), LOG));
        assertThat(failure).hasMessageContaining("400 URI for web-download does not pass filtering");
        assertThat(region.list()).isEmpty();
    }

    @Test
    void a_glance_that_is_killed_in_an_import_is_given_up_and_begun_again_under_another_id() throws Exception {
        var content = Files.readAllBytes(image("a", 1).file());
        var asked = new AtomicInteger();
        var server = serving(exchange -> {
            boolean get = exchange.getRequestMethod().equals("GET");
            exchange.sendResponseHeaders(200, get ? content.length : -1);
            if (get) {
                exchange.getResponseBody().write(content, 0, 100_000);
                exchange.getResponseBody().flush();
                if (asked.incrementAndGet() == 1) {
                    cloud.kill("glance-two");
                    cloud.revive("glance-two");
                }
                exchange.getResponseBody().write(content, 100_000, content.length - 100_000);
            }
            exchange.close();
        });
        try {
            var registered = region(ImportMethod.WEB_DOWNLOAD, store(server)).register(image("a", 1), LOG);
            assertThat(registered.status()).isEqualTo("active");
            assertThat(asked.get()).isGreaterThan(1);
            assertThat(region.list()).containsExactly(registered);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void an_image_is_in_each_store_that_is_named() throws Exception {
        for (var method : List.of(ImportMethod.DIRECT, ImportMethod.GLANCE_DIRECT)) {
            var both = region(method, null, "second", "file");
            assertThat(both.availability().available()).isTrue();
            var id = both.register(image(method.word(), 1), LOG).ref().id();
            var json = RealCloud.client(RealCloud.cloud("publisher-regiontwo"))
                    .service("image", "RegionTwo")
                    .get("/v2/images/" + id);
            assertThat(json.path("stores").asString().split(",")).containsExactlyInAnyOrder("file", "second");
        }
        assertThat(region(ImportMethod.DIRECT, null, "tape").availability().detail())
                .isEqualTo(
                        "clouds publisher-regiontwo: stores: there is no tape in RegionTwo: Glance there has file, second");
    }
}
