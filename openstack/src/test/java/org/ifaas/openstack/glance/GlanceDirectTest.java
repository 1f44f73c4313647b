package org.ifaas.openstack.glance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.ifaas.factory.image.DiskFormat;
import org.junit.jupiter.api.Test;

class GlanceDirectTest extends ImportContract {
    private static final String STAGE = "PUT /one/image/v2/images/.*/stage";

    @Override
    protected GlancePolicy policy() {
        return new GlancePolicy(DiskFormat.QCOW2, ImportMethod.GLANCE_DIRECT, List.of(), null, GlancePolicy.PATIENCE);
    }

    @Test
    void staging_that_is_cut_anywhere_is_done_again() throws Exception {
        var random = new Random(20);
        for (int i = 0; i < 20; i++) {
            cloud.cut(STAGE, random.nextLong(200_000), 1);
            assertThat(region.register(image("cut-" + i, i), log::add).status()).isEqualTo("active");
        }
        assertThat(glance.images()).hasSize(20);
        assertThat(cloud.seen(STAGE)).hasSize(40);
    }

    @Test
    void what_may_be_staged_half_is_never_imported() throws Exception {
        glance.forgetsUploads = true;
        cloud.cut(STAGE, 100_000, 1);
        assertThat(region.register(image("a", 1), log::add).status()).isEqualTo("active");
        assertThat(glance.images()).hasSize(1);
        assertThat(cloud.seen("POST .*/import")).hasSize(1);
        assertThat(log).anyMatch(line -> line.contains("is uploading: removing it"));
    }

    @Test
    void a_token_that_ends_while_it_stages_is_renewed() throws Exception {
        region.register(image("before", 1), log::add);
        cloud.revokeTokens();
        assertThat(region.register(image("a", 2), log::add).status()).isEqualTo("active");
    }
}
