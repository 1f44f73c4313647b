package org.ifaas.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.HashMap;
import java.util.Random;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A real Glance keeps what every region has to keep, over a wire that can be cut. */
@Tag("slow")
@ResourceLock("openstack")
@ExtendWith(RealCloud.Running.class)
class RealGlanceTest extends RegistryContract {
    private RealCloud cloud;
    private CutWire wire;
    private Registry region;

    @BeforeEach
    void byAWireToRegionTwo(RealCloud running) throws Exception {
        cloud = running;
        var publisher = RealCloud.cloud("publisher-regiontwo");
        wire = new CutWire(RealCloud.client(publisher).endpoint("image", "RegionTwo"));
        region = region(RealCloud.client(by(publisher, wire.address())));
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

    private static Registry region(CloudClient client) {
        return new GlanceRegion(
                "west", client.service("image", "RegionTwo"), "f4c70r", GlancePolicy.defaults(), Pause.REAL);
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
}
