package org.ifaas.openstack.glance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.image.RegistryContract;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.openstack.fake.FakeCloud;
import org.ifaas.openstack.fake.FakeGlance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images that are sent to one store of a Glance and copied by it to others. */
class StoresOfGlanceTest extends RegistryContract {
    private static final String COPY = "POST /one/image/v2/images/.*/import";

    private final List<String> log = new ArrayList<>();
    private FakeCloud cloud;
    private FakeGlance glance;
    private GlanceRegion region;

    @BeforeEach
    void start() throws IOException {
        cloud = new FakeCloud(clock);
        cloud.mayPublish = true;
        glance = cloud.glance("one");
        glance.stores = List.of("slow", "fast", "far");
        region = region("fast", "far");
    }

    private GlanceRegion region(String... stores) {
        return new GlanceRegion(
                "west",
                cloud.client().service("image", "one"),
                "f4c70r",
                new GlancePolicy(DiskFormat.QCOW2, ImportMethod.DIRECT, List.of(stores), null, GlancePolicy.PATIENCE),
                cloud.pause());
    }

    @AfterEach
    void stop() throws IOException {
        cloud.close();
    }

    @Override
    protected Registry registry() {
        return region;
    }

    private String stores() {
        return glance.images().getFirst().path("stores").asString();
    }

    @Test
    void an_image_is_sent_once_and_copied_to_the_other_stores() throws Exception {
        region.register(image("a", 1), log::add);
        assertThat(stores()).isEqualTo("far,fast");
        assertThat(cloud.seen("PUT .*/file")).hasSize(1);
        assertThat(cloud.seen(COPY)).hasSize(1);
    }

    @Test
    void a_copy_that_fails_is_told_and_a_retry_makes_what_is_missing_and_no_more() throws Exception {
        glance.importFails = "far is down";
        var failure = catchThrowableOfType(StageFailure.class, () -> region.register(image("a", 1), log::add));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure)
                .hasMessageContaining(
                        "is not in far: it is active, and its import has failed in far: far is down (req-");
        assertThat(stores()).isEqualTo("fast");

        glance.importFails = "";
        region.register(image("a", 1), log::add);
        assertThat(stores()).isEqualTo("far,fast");
        assertThat(cloud.seen("PUT .*/file")).hasSize(1);
    }

    @Test
    void a_store_that_is_not_there_is_told_before_anything_is_built() {
        var availability = region("fast", "tape").availability();
        assertThat(availability.available()).isFalse();
        assertThat(availability.detail())
                .isEqualTo("clouds fake: stores: there is no tape in one: Glance there has slow, fast, far");
        glance.stores = List.of();
        assertThat(region.availability().detail()).endsWith("Glance there has none");
        glance.stores = List.of("fast", "far");
        glance.methods = List.of("glance-direct");
        assertThat(region.availability().detail())
                .isEqualTo("clouds fake: stores: fast, far needs copy-image, which is not offered in one");
    }
}
