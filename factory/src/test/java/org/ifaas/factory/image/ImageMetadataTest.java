package org.ifaas.factory.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.Test;

class ImageMetadataTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Map<String, String> GOOD = Map.ofEntries(
            Map.entry("architecture", "x86_64"),
            Map.entry("min_disk", "3"),
            Map.entry("min_ram", "512"),
            Map.entry("os_distro", "debian"),
            Map.entry("os_version", "12"),
            Map.entry("os_purpose", "custom"),
            Map.entry("image_build_date", "2026-11-22"),
            Map.entry("image_original_user", "debian"),
            Map.entry("image_source", "private"),
            Map.entry("image_description", "Debian 12"),
            Map.entry("replace_frequency", "monthly"),
            Map.entry("provided_until", "none"),
            Map.entry("uuid_validity", "last-3"));

    private static ImageMetadata with(String name, String value) {
        var properties = new HashMap<>(GOOD);
        properties.put(name, value);
        return ImageMetadata.of(properties, NOW);
    }

    @Test
    void what_keeps_the_rules_passes_and_what_is_recommended_is_said() throws Exception {
        var log = new ArrayList<String>();
        var metadata = ImageMetadata.of(GOOD, NOW).withSize(1L << 30, 3L << 30);
        metadata.check(log::add);
        assertThat(metadata.wrong()).isEmpty();
        assertThat(log).contains("recommended by SCS-0102: hw_rng_model");
    }

    @Test
    void each_rule_is_told_with_the_value_and_what_would_be_right() {
        for (var wrong : Map.of(
                        "architecture", "amd64",
                        "os_purpose", "desktop",
                        "image_build_date", "2026-11-23",
                        "image_source", "somewhere",
                        "replace_frequency", "often",
                        "provided_until", "2026-13-01",
                        "uuid_validity", "last-x",
                        "min_ram", "0",
                        "hw_disk_bus", "ide",
                        "hotfix_hours", "soon")
                .entrySet()) {
            assertThat(with(wrong.getKey(), wrong.getValue()).wrong())
                    .singleElement()
                    .asString()
                    .startsWith(wrong.getKey() + ": “" + wrong.getValue() + "” is not ");
        }
    }

    @Test
    void all_that_is_wrong_comes_at_once_and_the_image_is_to_blame() {
        var failure = catchThrowableOfType(
                StageFailure.class,
                () -> ImageMetadata.of(Map.of("min_disk", "many"), NOW).check(_ -> {}));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure)
                .hasMessageContaining("min_disk: “many” is not a number of GiB")
                .hasMessageContaining("os_distro: is missing; it must be");
    }

    @Test
    void a_disk_larger_than_min_disk_is_wrong() {
        assertThat(ImageMetadata.of(GOOD, NOW).withSize(1, (3L << 30) + 1).wrong())
                .containsExactly(
                        "min_disk: 3 GiB are less than the image's 3221225473 bytes; raise sizes.min_disk_gib in"
                                + " image.yaml to 4");
    }
}
