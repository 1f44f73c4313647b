package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.ifaas.it.RealCloud.region;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ifaas.api.BuildView;
import org.ifaas.api.CheckView;
import org.ifaas.api.RequestView;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.openstack.client.Pause;
import org.ifaas.openstack.glance.GlancePolicy;
import org.ifaas.openstack.glance.GlanceRegion;
import org.ifaas.release.digest.ParallelMeasurer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.json.JsonMapper;

/** The main job on a real OpenStack: one region goes down in the middle and comes back. And tests of images that exist there. */
@Tag("slow")
@ResourceLock("openstack")
@ExtendWith(RealCloud.Running.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(2)
class OpenStackTest {
    /** Where the factory is next when Nova or Glance has made what it asked for, and nothing of that is written down. */
    private static final List<Debugger.Place> JUST_MADE = List.of(
            new Debugger.Place("org.ifaas.openstack.glance.Upload", "run"),
            new Debugger.Place("org.ifaas.openstack.nova.Servers", "active"),
            new Debugger.Place("org.ifaas.openstack.glance.Imports", "run"));

    private static final TestHome HOME = TestHome.make("openstack");
    private static String images;
    private static HttpServer served;
    private static RealCloud cloud;
    private static RunningFactory factory;
    private static BuildView build;

    @BeforeAll
    static void aFactoryWithACloud(RealCloud running) throws Exception {
        cloud = running;
        served = SimpleFileServer.createFileServer(
                new InetSocketAddress(RealCloud.RANGE + ".255.1", 0),
                Files.createDirectories(HOME.path().resolve("store")),
                SimpleFileServer.OutputLevel.NONE);
        served.start();
        // RegionTwo wants another disk format, and fetches it.
        images = """
                    disk_format: {RegionTwo: raw}
                    import_method: {RegionTwo: web-download}
                    store_url: http://%s.255.1:%d
                """.formatted(RealCloud.RANGE, served.getAddress().getPort());
        Files.writeString(HOME.path().resolve("ifaas.yaml"), RealCloud.config(images + "builds: {attempts: 1}\n"));
        factory = RunningFactory.in(HOME.path());
    }

    @AfterAll
    static void leaveNothing() throws Exception {
        factory.close();
        served.stop(0);
        for (var region : List.of("RegionOne", "RegionTwo")) {
            for (var image : region(region).list()) {
                region(region).delete(image.ref().id());
            }
        }
        HOME.assertNothingIsLeftAndRemove();
    }

    @Test
    @Order(1)
    void doctorTriesTheCloudAndThatTheFactoryMayNotPublishThere() throws Exception {
        var checks = factory.get("/doctor?cloud=factory", CheckView[].class);
        assertThat(checks)
                .isNotEmpty()
                .allSatisfy(
                        check -> assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
        assertThat(checks)
                .extracting(CheckView::name)
                .contains("factory: publishing in RegionTwo", "factory: fetching in RegionTwo");
        assertThat(region("RegionTwo").list()).isEmpty();
    }

    @Test
    @Order(2)
    void aRegionThatGoesDownLeavesTheBuildPartial() throws Exception {
        var id = factory.build("{\"image\":\"busybox\",\"cloud\":\"factory\"}").id();
        factory.awaitBuild(
                id,
                seen -> RunningFactory.stage(seen, "register-private-image")
                        .state()
                        .equals("DONE"));
        cloud.kill("glance-two");
        try {
            build = factory.awaitEnd(id);
        } finally {
            cloud.revive("glance-two");
        }
        assertThat(build.state()).as(build.reason()).isEqualTo("PARTIAL");
        assertThat(build.reason()).contains("factory.RegionTwo");
        assertThat(RunningFactory.stage(build, "test-image").state()).isEqualTo("DONE");
        assertThat(RunningFactory.stage(build, "sign-image").state()).isEqualTo("DONE");
        assertThat(region("RegionOne").list())
                .extracting(RegionImage::visibility, RegionImage::status)
                .containsExactly(tuple("private", "active"));
    }

    @Test
    @Order(3)
    void aRetryCopiesToThatRegionOnly() throws Exception {
        var before = region("RegionOne").list();
        factory.post("/builds/" + build.id() + "/retry", "{}", BuildView.class);
        build = factory.awaitEnd(build.id());
        assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
        assertThat(build.stages().stream()
                        .filter(stage -> stage.state().equals("DONE"))
                        .map(stage -> stage.name()))
                .containsExactly("copy-to-regions", "request-publication", "clean-up", "destroy-build-host");
        assertThat(region("RegionOne").list()).isEqualTo(before);
        assertThat(region("RegionTwo").list())
                .extracting(RegionImage::name, RegionImage::diskFormat)
                .containsExactly(tuple(before.getFirst().name(), "raw"));
        cloud.assertNoServerIsLeft();
    }

    @Test
    @Order(4)
    void theReleaseVerifiesWithTheCustomersTools() throws Exception {
        assertThat(factory.post("/releases/busybox/latest/verify", "", CheckView[].class))
                .extracting(CheckView::name)
                .contains("the signature of statements/raw.intoto.json is good");
        assertThat(factory.post("/releases/busybox/latest/verify", "", CheckView[].class))
                .isNotEmpty()
                .allSatisfy(
                        check -> assertThat(check.result()).as(check.detail()).isEqualTo("ok"));
    }

    @Test
    @Order(5)
    void noRegionMovesBeforeBothPublishersHaveVerifiedTheirImage() throws Exception {
        var request = factory.post("/requests/" + build.id() + "/approve", "", RequestView.class);
        assertThat(request.state()).isEqualTo("APPROVED");

        publish("RegionOne");
        assertThat(region("RegionOne").list())
                .extracting(RegionImage::visibility)
                .containsOnly("private");
        assertThat(publish("RegionTwo")).isZero();
        assertThat(publish("RegionOne")).isZero();

        for (var region : List.of("RegionOne", "RegionTwo")) {
            assertThat(region(region).named("Tiny_Busybox_amd64_bios_latest"))
                    .extracting(RegionImage::visibility)
                    .containsExactly("public");
        }
        assertThat(factory.get("/requests", RequestView[].class))
                .extracting(RequestView::state)
                .containsExactly("PUBLISHED");
    }

    /** One round of the publisher beside that region, with the credential that may publish there. */
    private static int publish(String region) throws Exception {
        var folder = Files.createDirectories(HOME.path().resolve("publisher-" + region));
        var token = folder.resolve("token");
        if (Files.notExists(token)) {
            var made = factory.send(
                    "POST",
                    "/tokens",
                    "{\"name\":\"%s\",\"roles\":[\"region-publisher\"],\"region\":\"factory.%s\"}"
                            .formatted(region.toLowerCase(Locale.ROOT), region));
            Files.writeString(
                    token, JsonMapper.shared().readTree(made).path("secret").asString());
        }
        var keys = HOME.path().resolve("keys");
        var config = Files.writeString(folder.resolve("publisher.yaml"), """
                factory: {url: "%s", token_file: %s}
                region: factory.%s
                cloud: {name: publisher-%s, region: %s, clouds_yaml: %s}
                release_key: %s
                approval_key: %s
                accept: {self_approved: true}
                state: %s
                """.formatted(
                        factory.url(),
                        token,
                        region,
                        region.toLowerCase(Locale.ROOT),
                        region,
                        RealCloud.CLOUDS_YAML,
                        keys.resolve("release-key.asc"),
                        keys.resolve("approval-key.asc"),
                        folder.resolve("state")));
        return factory.beside("publisher", "--config", config.toString(), "--once");
    }

    @Test
    @Order(6)
    void imagesThatExistAreTestedThereAndNothingOfTheTestStays() throws Exception {
        var before = region("RegionOne").list();
        var release = Path.of(build.release().folder(), build.release().file());
        Files.copy(release, HOME.path().resolve("to-test/mine.qcow2"));
        var others = RealCloud.client(RealCloud.cloud("publisher-regionone")).service("image", "RegionOne");
        var measured = new ParallelMeasurer().measure(release);
        var theirs = new GlanceRegion("theirs", others, "others", GlancePolicy.defaults(), Pause.REAL);
        var id = theirs.register(new NewImage("somebody's", release, measured, Map.of()), line -> {})
                .ref()
                .id();
        theirs.update(id, "somebody's", "public", false);
        try {
            var byId = factory.build(
                    "{\"image\":\"busybox\",\"kind\":\"test\",\"imageId\":\"factory.RegionOne/" + id + "\"}");
            var byFile = factory.build("{\"image\":\"busybox\",\"kind\":\"test\",\"file\":\"mine.qcow2\","
                    + "\"regions\":[\"factory.RegionOne\"]}");
            for (var test : List.of(byId, byFile)) {
                var tested = factory.awaitEnd(test.id());
                assertThat(tested.state()).as(tested.reason()).isEqualTo("SUCCEEDED");
                assertThat(factory.log(tested.id(), "test-image")).contains("is ACTIVE");
                assertThat(Path.of(tested.tests().results())).isDirectoryContaining("glob:**/console.log");
            }
            assertThat(factory.log(byId.id(), "test-image")).contains("from image " + id);
            assertThat(theirs.find(id)).isPresent();
        } finally {
            theirs.delete(id);
        }
        assertThat(region("RegionOne").list()).isEqualTo(before);
        cloud.assertNoServerIsLeft();
    }

    @Test
    @Order(6)
    void anImageOfARegionWithoutServersIsRefusedAtOnce() throws Exception {
        var id = region("RegionTwo").list().getFirst().ref().id();
        var refused = factory.awaitEnd(
                factory.build("{\"image\":\"busybox\",\"kind\":\"test\",\"imageId\":\"factory.RegionTwo/" + id + "\"}")
                        .id());
        assertThat(refused.state()).isEqualTo("FAILED");
        assertThat(RunningFactory.stage(refused, "initialize").message())
                .contains("region factory.RegionTwo has no test instances", "boot images of factory.RegionOne");
    }

    /** The build host's own image is one that the factory has built and registered there. */
    @Test
    @Order(7)
    void theTinyImageIsBuiltOnAHostInNova() throws Exception {
        var hostImage = RealCloud.hostImage(factory);
        factory.close();
        Files.writeString(
                HOME.path().resolve("ifaas.yaml"), RealCloud.config(hostImage, images + "builds: {attempts: 1}\n"));
        factory.startAgain();

        var onNova = factory.awaitEnd(
                factory.build("{\"image\":\"busybox\",\"cloud\":\"factory\",\"host\":\"nova\",\"force\":true}")
                        .id());
        assertThat(onNova.state()).as(onNova.reason()).isEqualTo("SUCCEEDED");
        assertThat(onNova.stages())
                .allSatisfy(stage -> assertThat(stage.state()).isEqualTo("DONE"));
        assertThat(factory.log(onNova.id(), "spawn-build-host")).contains("ACTIVE");
        cloud.assertNoServerIsLeft();
    }

    @Test
    @Order(8)
    void aFactoryThatIsKilledWhenAnImageOrAServerWasJustMadeEndsWithOneOfEach() throws Exception {
        factory.close();
        var held = ConcurrentHashMap.<String>newKeySet();
        try (var debugger = new Debugger(JUST_MADE, (place, _) -> held.add(place.type()))) {
            factory = RunningFactory.watchedBy(debugger, HOME.path());
            var id = factory.build("{\"image\":\"busybox\",\"cloud\":\"factory\",\"force\":true}")
                    .id();
            for (int killed = 0; killed < JUST_MADE.size(); killed = held.size()) {
                int before = killed;
                factory.awaitBuild(id, _ -> held.size() > before);
                assertThat(held).as(factory.show(id).reason()).hasSizeGreaterThan(before);
                factory.kill();
                debugger.hearOut();
                factory.startAgain();
            }
            var build = factory.awaitEnd(id);
            assertThat(build.state()).as(build.reason()).isEqualTo("SUCCEEDED");
            for (var stage : List.of("register-private-image", "copy-to-regions")) {
                assertThat(factory.log(id, stage)).contains("which is queued: half made");
            }
        } finally {
            factory.close();
        }
        for (var region : List.of("RegionOne", "RegionTwo")) {
            assertThat(region(region).list()).extracting(RegionImage::name).doesNotHaveDuplicates();
            assertThat(region(region).list()).extracting(RegionImage::status).containsOnly("active");
        }
        cloud.assertNoServerIsLeft();
    }
}
