package org.ifaas.openstack.glance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.image.RegistryContract;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.openstack.fake.FakeCloud;
import org.ifaas.openstack.fake.FakeGlance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every region has to keep, whatever happens to the tasks by which its Glance imports. */
abstract class ImportContract extends RegistryContract {
    private static final String IMPORT = "POST /one/image/v2/images/.*/import";

    protected final List<String> log = new ArrayList<>();
    protected FakeCloud cloud;
    protected FakeGlance glance;
    protected GlanceRegion region;

    @BeforeEach
    void start() throws IOException {
        cloud = new FakeCloud(clock);
        cloud.mayPublish = true;
        glance = cloud.glance("one");
        region = region(policy());
    }

    protected abstract GlancePolicy policy() throws IOException;

    protected final GlanceRegion region(GlancePolicy policy) {
        return new GlanceRegion("west", cloud.client().service("image", "one"), "f4c70r", policy, cloud.pause());
    }

    @AfterEach
    void stop() throws IOException {
        cloud.close();
    }

    @Override
    protected Registry registry() {
        return region;
    }

    private StageFailure failure() {
        return catchThrowableOfType(StageFailure.class, () -> region.register(image("a", 1), log::add));
    }

    @Test
    void an_import_that_fails_is_told_in_the_words_of_its_task_and_leaves_nothing() {
        glance.importFails = "Input/output error: no space left on device";
        var failure = failure();
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure)
                .hasMessageContaining("region west")
                .hasMessageContaining(
                        "its import has failed: Input/output error: no space left on device (req-import)");
        assertThat(glance.images()).isEmpty();
    }

    @Test
    void an_import_that_is_refused_is_told_with_the_request_and_leaves_nothing() {
        cloud.answer(IMPORT, 1, 409, Map.of("x-openstack-request-id", "req-7"), "{\"x\": {\"message\": \"not now\"}}");
        assertThat(failure()).hasMessageMatching("region west can't register a: .*/import: 409 not now \\(req-7\\)");
        assertThat(glance.images()).isEmpty();
    }

    @Test
    void an_answer_that_gets_lost_doubles_nothing() throws Exception {
        cloud.loseAnswer(IMPORT, 1);
        assertThat(region.register(image("a", 1), log::add).status()).isEqualTo("active");
        assertThat(glance.images()).hasSize(1);
        assertThat(cloud.seen(IMPORT)).hasSize(1);
    }

    @Test
    void a_glance_that_did_not_hear_is_asked_again_under_another_id() throws Exception {
        cloud.cut(IMPORT, 0, 1);
        assertThat(region.register(image("a", 1), log::add).status()).isEqualTo("active");
        assertThat(glance.images()).hasSize(1);
        assertThat(cloud.seen(IMPORT)).hasSize(2);
    }

    @Test
    void what_a_glance_that_died_will_never_end_is_removed_and_made_under_another_id() throws Exception {
        glance.forgetsImports = true;
        cloud.answer("GET /one/image/v2/images/.*/tasks", 1, 503, Map.of("Retry-After", "3600"), "");
        var failure = failure();
        assertThat(failure)
                .hasMessageContaining("3 uploads of a ended")
                .hasMessageContaining("importing, task processing");
        assertThat(glance.images()).isEmpty();
        glance.forgetsImports = false;
        assertThat(region.register(image("a", 1), log::add).status()).isEqualTo("active");
        assertThat(glance.images()).hasSize(1);
    }

    @Test
    void a_factory_that_died_in_an_import_begins_again_under_another_id() throws Exception {
        glance.forgetsImports = true;
        cloud.answer("DELETE .*", 99, 403, Map.of(), "{\"x\": {\"message\": \"dead\"}}");
        failure();
        assertThat(glance.images()).hasSize(1);
        cloud.well();
        glance.forgetsImports = false;
        assertThat(region(policy()).register(image("a", 1), log::add).status()).isEqualTo("active");
        assertThat(glance.images()).hasSize(1);
    }

    @Test
    void bytes_that_an_import_changes_are_refused_and_removed() {
        glance.damages = true;
        assertThat(failure()).hasMessageContaining("region west stores 200000 bytes with sha512 ");
        assertThat(glance.images()).isEmpty();
    }

    @Test
    void a_glance_without_tasks_is_followed_by_its_image() throws Exception {
        cloud.answer("GET /one/image/v2/images/.*/tasks", 99, 404, Map.of(), "");
        assertThat(region.register(image("a", 1), log::add).status()).isEqualTo("active");
    }

    @Test
    void a_method_that_is_not_offered_is_told_before_anything_is_built() {
        glance.methods = List.of("copy-image");
        var availability = region.availability();
        assertThat(availability.available()).isFalse();
        assertThat(availability.detail())
                .isEqualTo("clouds fake: import_method: " + policyWord()
                        + " is not offered in one: Glance there offers copy-image");
        assertThat(availability.mend()).contains("enabled_import_methods");
    }

    private String policyWord() {
        try {
            return policy().method().word();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void it_comes_to_all_the_stores_that_are_named() throws Exception {
        glance.stores = List.of("slow", "fast", "far");
        var named = new GlancePolicy(
                policy().diskFormat(),
                policy().method(),
                List.of("fast", "far"),
                policy().served(),
                GlancePolicy.PATIENCE);
        region(named).register(image("a", 1), log::add);
        assertThat(glance.images().getFirst().path("stores").asString()).isEqualTo("far,fast");
        assertThat(cloud.seen(IMPORT)).hasSize(1);
    }
}
