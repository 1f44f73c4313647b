package org.ifaas.openstack.glance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.RegionPublisherContract;
import org.ifaas.openstack.client.ClientPolicy;
import org.ifaas.openstack.fake.FakeCloud;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With an admin credential, as a region's publisher has one. */
class GlancePublishingTest extends RegionPublisherContract {
    private static final String FILE = "GET /one/image/v2/images/.*/file";

    private FakeCloud cloud;
    private GlanceRegion region;

    @BeforeEach
    void start() throws IOException {
        cloud = new FakeCloud(clock);
        cloud.mayPublish = true;
        region = region(ClientPolicy.defaults());
    }

    private GlanceRegion region(ClientPolicy policy) {
        return new GlanceRegion(
                "west",
                cloud.client(policy).service("image", "one"),
                "publisher",
                GlancePolicy.defaults(),
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

    @Override
    protected void damage(String id) {
        cloud.glance("one").change(id, otherBytes());
    }

    private String image() throws Exception {
        var file = Files.writeString(inputs.resolve("image"), "some bytes");
        var measured = new PlainMeasurer().measure(file);
        return region.register(new NewImage("tiny", file, measured, Map.of()), text -> {})
                .ref()
                .id();
    }

    @Test
    void bytes_that_are_cut_off_or_do_not_come_are_told_and_not_taken_for_the_image() throws Exception {
        var id = image();
        cloud.loseAnswer(FILE, 10);
        assertThatThrownBy(() -> region.read(id, new ByteArrayOutputStream()))
                .isInstanceOf(StageFailure.class)
                .hasMessageContaining("region west can't read the bytes of image " + id);
        cloud.well();
        cloud.answer(FILE, 1, 503, Map.of(), "busy");
        assertThatThrownBy(() -> region.read(id, new ByteArrayOutputStream())).hasMessageContaining("503");
        var quick = ClientPolicy.defaults();
        var impatient = new ClientPolicy(
                quick.connect(),
                Duration.ofMillis(200),
                quick.stall(),
                1,
                quick.pause(),
                quick.longestPause(),
                quick.renewBefore());
        cloud.hang(FILE, 1);
        assertThatThrownBy(() -> region(impatient).read(id, new ByteArrayOutputStream()))
                .isInstanceOf(StageFailure.class);
        cloud.revokeTokens();
        var read = new ByteArrayOutputStream();
        region.read(id, read);
        assertThat(read).hasToString("some bytes");
    }
}
