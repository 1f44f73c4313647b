package org.ifaas.factory.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every region has to keep. */
public abstract class RegistryContract {
    protected static final StageLog LOG = text -> {};

    /** A second later each time it is asked. */
    protected final InstantSource clock = new InstantSource() {
        private Instant now = Instant.parse("2026-11-22T10:00:00Z");

        @Override
        public synchronized Instant instant() {
            now = now.plusSeconds(1);
            return now;
        }
    };

    @TempDir
    protected Path inputs;

    /** An empty region named {@code west}, the same one throughout a test. */
    protected abstract Registry registry();

    @Test
    protected void a_registered_image_is_private_active_and_what_was_measured() throws Exception {
        var image = image("debian-12 abc", 1);
        var registered = registry().register(image, LOG);
        assertThat(registered.ref().region()).isEqualTo("west");
        assertThat(UUID.fromString(registered.ref().id()))
                .hasToString(registered.ref().id());
        assertThat(registered.name()).isEqualTo("debian-12 abc");
        assertThat(registered.visibility()).isEqualTo("private");
        assertThat(registered.hidden()).isFalse();
        assertThat(registered.diskFormat()).isEqualTo(registry().diskFormat().word());
        assertThat(registered.status()).isEqualTo("active");
        assertThat(registered.size()).isEqualTo(image.measured().size());
        assertThat(registered.hashAlgorithm()).isEqualTo("sha512");
        assertThat(registered.hashValue()).isEqualTo(image.measured().digests().sha512());
        assertThat(registered.properties()).isEqualTo(image.properties());
        assertThat(registry().find(registered.ref().id())).contains(registered);
        assertThat(registry().list()).containsExactly(registered);
        var file = registry().file(registered.ref().id());
        if (file.isPresent()) {
            assertThat(file.get()).hasSameBinaryContentAs(image.file());
        }
    }

    @Test
    protected void what_a_region_stores_is_read_back_byte_for_byte() throws Exception {
        var image = image("a", 1);
        var registered = registry().register(image, LOG);
        var read = new ByteArrayOutputStream();
        registry().read(registered.ref().id(), read);
        assertThat(read.toByteArray()).isEqualTo(Files.readAllBytes(image.file()));
        for (var id : new String[] {UUID.randomUUID().toString(), "../../etc/passwd"}) {
            var failure =
                    catchThrowableOfType(StageFailure.class, () -> registry().read(id, read));
            assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        }
    }

    @Test
    protected void registering_twice_gives_the_first() throws Exception {
        var first = registry().register(image("a", 1), LOG);
        assertThat(registry().register(image("a", 1), LOG)).isEqualTo(first);
        assertThat(registry().list()).hasSize(1);
    }

    @Test
    protected void another_name_or_content_is_another_image() throws Exception {
        var a = registry().register(image("a", 1), LOG);
        var b = registry().register(image("b", 1), LOG);
        var again = registry().register(image("a", 2), LOG);
        assertThat(registry().list()).containsExactly(again, b, a);
        assertThat(registry().named("a")).containsExactly(again, a);
        assertThat(registry().named("nobody")).isEmpty();
        assertThat(registry().ownNamed("a")).containsExactly(again, a);
    }

    @Test
    protected void bytes_that_are_not_those_measured_are_refused_and_nothing_stays() throws Exception {
        var other = new NewImage("a", image("a", 1).file(), image("a", 2).measured(), Map.of());
        Files.write(other.file(), content(3));
        var failure = catchThrowableOfType(StageFailure.class, () -> registry().register(other, LOG));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessageContaining("west").hasMessageContaining("sha512");
        assertThat(failure.mend()).isNotEmpty();
        assertThat(registry().list()).isEmpty();
    }

    @Test
    protected void name_visibility_and_hiding_change_and_the_rest_stays() throws Exception {
        var before = registry().register(image("a", 1), LOG);
        registry().update(before.ref().id(), "Debian_latest", "public", true);
        assertThat(registry().find(before.ref().id()))
                .contains(new RegionImage(
                        before.ref(),
                        "Debian_latest",
                        "public",
                        true,
                        before.diskFormat(),
                        "active",
                        before.size(),
                        before.hashAlgorithm(),
                        before.hashValue(),
                        before.properties(),
                        before.created()));
        assertThat(registry().named("Debian_latest")).hasSize(1);
        assertThat(registry().named("a")).isEmpty();
    }

    @Test
    protected void everybody_sees_what_is_public_and_not_hidden() throws Exception {
        var image = registry().register(image("a", 1), LOG);
        var id = image.ref().id();
        assertThat(registry().visible()).isEmpty();
        registry().update(id, "Debian_latest", "public", false);
        assertThat(registry().visible()).extracting(RegionImage::ref).containsExactly(image.ref());
        registry().update(id, "Debian_prev1", "public", true);
        assertThat(registry().visible()).isEmpty();
    }

    @Test
    protected void an_image_that_is_not_there_cannot_be_changed() {
        for (var id : new String[] {UUID.randomUUID().toString(), "../../etc", ""}) {
            var failure =
                    catchThrowableOfType(StageFailure.class, () -> registry().update(id, "x", "public", false));
            assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
            assertThat(failure).hasMessageContaining("west");
        }
    }

    @Test
    protected void a_deleted_image_is_gone_and_deleting_again_does_nothing() throws Exception {
        var kept = registry().register(image("a", 1), LOG);
        var gone = registry().register(image("b", 2), LOG);
        registry().delete(gone.ref().id());
        registry().delete(gone.ref().id());
        registry().delete("../" + kept.ref().id());
        registry().delete("");
        assertThat(registry().find(gone.ref().id())).isEmpty();
        assertThat(registry().file(gone.ref().id())).isEmpty();
        assertThat(registry().list()).containsExactly(kept);
    }

    @Test
    protected void an_id_that_is_none_finds_nothing() throws Exception {
        for (var id : new String[] {"", "..", "../../etc/passwd", "x", "A\u0000"}) {
            assertThat(registry().find(id)).isEmpty();
            assertThat(registry().file(id)).isEmpty();
        }
    }

    @Test
    protected void a_property_cannot_take_the_place_of_a_field() throws Exception {
        var image = image("a", 1);
        for (var field : new String[] {"status", "os_hash_value", "id", "size"}) {
            var hostile = new NewImage("a", image.file(), image.measured(), Map.of(field, "1"));
            var failure =
                    catchThrowableOfType(StageFailure.class, () -> registry().register(hostile, LOG));
            assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        }
        assertThat(registry().list()).isEmpty();
    }

    @Test
    protected void many_who_register_the_same_get_one_image() throws Exception {
        var image = image("a", 1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = IntStream.range(0, 8)
                    .mapToObj(i -> (Callable<RegionImage>) () -> registry().register(image, LOG))
                    .toList();
            var first = threads.invokeAll(tasks).getFirst().get();
            assertThat(registry().list()).containsExactly(first);
        }
    }

    @Test
    protected void it_is_available() {
        assertThat(registry().region()).isEqualTo("west");
        assertThat(registry().availability().available()).isTrue();
    }

    protected final NewImage image(String name, int seed) throws IOException {
        var content = content(seed);
        var file = inputs.resolve(seed + ".qcow2");
        Files.write(file, content);
        return new NewImage(
                name, file, measured(content), Map.of("min_disk", "3", "min_ram", "512", "os_distro", "debian"));
    }

    private static byte[] content(int seed) {
        var content = new byte[200_000];
        new Random(seed).nextBytes(content);
        return content;
    }

    protected static Measured measured(byte[] content) {
        return new Measured(
                content.length, new Digests(hex("MD5", content), hex("SHA-256", content), hex("SHA-512", content)));
    }

    protected static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
