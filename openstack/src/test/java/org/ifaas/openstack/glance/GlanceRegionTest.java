package org.ifaas.openstack.glance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.image.RegistryContract;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.openstack.fake.FakeCloud;
import org.ifaas.openstack.fake.FakeGlance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GlanceRegionTest extends RegistryContract {
    private static final String PUT = "PUT /one/image/v2/images/.*/file";
    private static final String POST = "POST /one/image/v2/images";

    private FakeCloud cloud;
    private FakeGlance glance;
    private GlanceRegion region;
    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        cloud = new FakeCloud(clock);
        cloud.mayPublish = true;
        glance = cloud.glance("one");
        region = region("f4c70r");
    }

    private GlanceRegion region(String factory) {
        return new GlanceRegion(
                "west", cloud.client().service("image", "one"), factory, GlancePolicy.defaults(), cloud.pause());
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
    void an_upload_that_is_cut_anywhere_is_sent_again() throws Exception {
        var random = new Random(20);
        for (int i = 0; i < 20; i++) {
            cloud.cut(PUT, random.nextLong(200_000), 1);
            var image = image("cut-" + i, i);
            assertThat(region.register(image, log::add).status()).isEqualTo("active");
        }
        assertThat(glance.images()).hasSize(20);
        assertThat(cloud.seen(PUT)).hasSize(40);
    }

    @Test
    void a_token_that_ends_in_an_upload_is_renewed_and_the_upload_begins_again() throws Exception {
        region.register(image("before", 1), log::add);
        cloud.revokeTokens();
        cloud.cut(PUT, 100_000, 1);
        assertThat(region.register(image("a", 2), log::add).status()).isEqualTo("active");
    }

    @Test
    void what_a_glance_that_died_has_left_is_removed_and_made_under_another_id() throws Exception {
        glance.forgetsUploads = true;
        cloud.cut(PUT, 100_000, 1);
        var image = region.register(image("a", 1), log::add);
        assertThat(image.status()).isEqualTo("active");
        assertThat(glance.images()).hasSize(1);
        assertThat(cloud.seen("DELETE .*")).hasSize(1);
        assertThat(cloud.seen(POST)).hasSize(2);
        assertThat(log).anyMatch(line -> line.contains("is saving: removing it"));
    }

    @Test
    void a_store_that_is_gone_for_good_leaves_nothing() throws Exception {
        glance.forgetsUploads = true;
        cloud.cut(PUT, 100_000, 99);
        var failure = catchThrowableOfType(StageFailure.class, () -> region.register(image("a", 1), log::add));
        assertThat(failure).hasMessageContaining("3 uploads of a ended saving");
        assertThat(glance.images()).isEmpty();
        glance.forgetsUploads = false;
        failure = catchThrowableOfType(StageFailure.class, () -> region.register(image("a", 1), log::add));
        assertThat(failure).hasMessageContaining("west").hasMessageContaining("no answer");
        assertThat(glance.images()).isEmpty();
        cloud.well();
        assertThat(region.register(image("a", 1), log::add).status()).isEqualTo("active");
    }

    @Test
    void a_factory_that_died_between_create_and_upload_finds_its_image_again() throws Exception {
        cloud.answer(PUT, 1, 507, Map.of(), "");
        catchThrowableOfType(StageFailure.class, () -> region.register(image("a", 1), log::add));
        cloud.cut(PUT, 0, 99);
        cloud.answer("DELETE .*", 99, 403, Map.of(), "{\"x\": {\"message\": \"dead\"}}");
        catchThrowableOfType(StageFailure.class, () -> region.register(image("a", 1), log::add));
        assertThat(glance.images()).hasSize(1);
        cloud.well();
        assertThat(region("f4c70r").register(image("a", 1), log::add).status()).isEqualTo("active");
        assertThat(glance.images()).hasSize(1);
        assertThat(log).anyMatch(line -> line.contains("half made"));
    }

    @Test
    void a_glance_that_is_busy_gets_the_bytes_again_when_it_says() throws Exception {
        // Small, for an answer that comes before the bytes may get lost.
        var small = new byte[1000];
        var file = Files.write(inputs.resolve("small.qcow2"), small);
        var image = new NewImage("a", file, measured(small), Map.of());
        cloud.answer(PUT, 1, 503, Map.of("Retry-After", "40"), "");
        cloud.answer(PUT, 1, 429, Map.of("Retry-After", "86400"), "");
        cloud.answer(PUT, 1, 503, Map.of(), "");
        assertThat(region.register(image, log::add).status()).isEqualTo("active");
        assertThat(cloud.waited).containsExactly(Duration.ofSeconds(40), Duration.ofMinutes(1), Duration.ofSeconds(6));
    }

    @Test
    void another_factorys_image_of_the_same_name_is_not_its_own() throws Exception {
        var ours = region.register(image("a", 1), log::add);
        var theirs = region("0th3r5").register(image("a", 2), log::add);
        assertThat(region.named("a")).containsExactlyInAnyOrder(ours, theirs);
        assertThat(region.ownNamed("a")).containsExactly(ours);
    }

    @Test
    void answers_that_get_lost_double_nothing() throws Exception {
        cloud.loseAnswer(POST, 1);
        cloud.loseAnswer(PUT, 1);
        assertThat(region.register(image("a", 1), log::add).status()).isEqualTo("active");
        assertThat(glance.images()).hasSize(1);
        assertThat(cloud.seen(POST)).hasSize(1);
        assertThat(cloud.seen(PUT)).hasSize(1);
    }

    @Test
    void a_quota_that_is_full_is_told_with_the_request_and_leaves_nothing() throws Exception {
        glance.most = 10;
        var failure = catchThrowableOfType(StageFailure.class, () -> region.register(image("a", 1), log::add));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessageContaining("region west can't register a: cloud fake, image in one: PUT");
        assertThat(glance.images()).isEmpty();
    }

    @Test
    void bytes_that_the_store_changes_are_refused_and_removed() throws Exception {
        glance.damages = true;
        var failure = catchThrowableOfType(StageFailure.class, () -> region.register(image("a", 1), log::add));
        assertThat(failure).hasMessageContaining("region west stores 200000 bytes with sha512 ");
        assertThat(glance.images()).isEmpty();
    }

    @Test
    void the_digest_is_compared_in_the_algorithm_that_glance_names() throws Exception {
        var image = image("a", 1);
        region.register(image, log::add);
        var stored = glance.images().getFirst();
        stored.put("os_hash_algo", "sha256")
                .put("os_hash_value", image.measured().digests().sha256());
        assertThat(region.register(image, log::add).hashAlgorithm()).isEqualTo("sha256");
        stored.putNull("os_hash_algo").putNull("os_hash_value");
        stored.put("checksum", image.measured().digests().md5());
        assertThat(region.register(image, log::add).hashAlgorithm()).isEqualTo("md5");
    }

    @Test
    void an_image_whose_digest_the_factory_does_not_compute_is_refused_by_the_algorithm_and_stays() throws Exception {
        var image = image("a", 1);
        region.register(image, log::add);
        var stored = glance.images().getFirst();
        stored.put("os_hash_algo", "sha384").put("os_hash_value", "00");
        var failure = catchThrowableOfType(StageFailure.class, () -> region.register(image, log::add));
        assertThat(failure)
                .hasMessage("region west: Glance names the sha384 of image "
                        + stored.path("id").asString() + ", and the factory compares sha512, sha256 and md5 alone");
        assertThat(failure.mend()).contains("hashing_algorithm");
        assertThat(glance.images()).containsExactly(stored);
    }

    @Test
    void other_factories_have_other_images_and_tell_theirs_apart() throws Exception {
        var other = region("other0");
        var ours = region.register(image("a", 1), log::add);
        var theirs = other.register(image("a", 1), log::add);
        assertThat(ours.ref()).isNotEqualTo(theirs.ref());
        assertThat(region.own()).containsExactly(ours);
        assertThat(other.own()).containsExactly(theirs);
    }

    @Test
    void who_may_not_publish_is_told_who_may_and_goes_on_when_it_is_done() throws Exception {
        cloud.mayPublish = false;
        var image = region.register(image("a", 1), log::add);
        var failure = catchThrowableOfType(
                StageFailure.class, () -> region.update(image.ref().id(), "a_latest", "public", false));
        assertThat(failure)
                .hasMessageMatching(
                        "region west does not let this credential publish: cloud fake, image in one: PATCH /v2/images/.*: 403 You are"
                                + " not authorized to complete publicize_image action. \\(req-\\d+\\)");
        assertThat(failure.mend())
                .contains("openstack image set --name a_latest --public "
                        + image.ref().id());
        assertThat(region.find(image.ref().id())).contains(image);
        cloud.mayPublish = true;
        region.update(image.ref().id(), "a_latest", "public", false);
        cloud.mayPublish = false;
        region.update(image.ref().id(), "a_latest", "public", false);
    }

    @Test
    void a_region_that_is_down_is_not_available_and_says_why() throws Exception {
        cloud.close();
        var availability = region.availability();
        assertThat(availability.available()).isFalse();
        assertThat(availability.detail()).contains("cloud fake");
        assertThat(availability.mend()).contains("ifaas doctor --cloud fake");
        var failure = catchThrowableOfType(
                StageFailure.class,
                () -> region.find(new ImageRef("west", "0".repeat(8) + "-0000-0000-0000-000000000000").id()));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
    }

    @Test
    void a_number_that_is_none_is_refused_before_anything_is_made() throws Exception {
        var image = image("a", 1);
        var wrong = new NewImage("a", image.file(), image.measured(), Map.of("min_disk", "three"));
        assertThat(catchThrowableOfType(StageFailure.class, () -> region.register(wrong, log::add))
                        .blame())
                .isEqualTo(Blame.IMAGE);
        assertThat(cloud.seen(POST)).isEmpty();
    }
}
