package org.ifaas.openstack.glance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.image.RegistryContract;
import org.ifaas.openstack.fake.FakeCloud;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Glance whose images are raw keeps what every region has to keep. */
class RawGlanceRegionTest extends RegistryContract {
    private FakeCloud cloud;
    private GlanceRegion region;

    @BeforeEach
    void start() throws IOException {
        cloud = new FakeCloud(clock);
        cloud.mayPublish = true;
        region = new GlanceRegion(
                "west",
                cloud.client().service("image", "one"),
                "f4c70r",
                GlancePolicy.of(DiskFormat.RAW),
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

    @Test
    void glance_is_told_the_format_and_what_such_an_image_needs() throws Exception {
        region.register(image("a", 1), LOG);
        var image = cloud.glance("one").images().getFirst();
        assertThat(image.path("disk_format").asString()).isEqualTo("raw");
        assertThat(image.path("container_format").asString()).isEqualTo("bare");
        assertThat(image.path("min_disk").asInt()).isEqualTo(3);
    }
}
