package org.ifaas.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.image.RegistryContract;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DirectoryRegionTest extends RegistryContract {
    private static final StorePolicy POLICY = new StorePolicy(Duration.ofDays(1), 0);

    @TempDir
    Path temporary;

    private DirectoryRegion region;

    @BeforeEach
    void make() {
        region = region(StoredBytes::copy);
    }

    @Override
    protected Registry registry() {
        return region;
    }

    private DirectoryRegion region(StoredBytes.Copying copying) {
        return new DirectoryRegion("west", DiskFormat.QCOW2, root(), POLICY, clock, copying);
    }

    private Path root() {
        return temporary.resolve("regions/west");
    }

    @Test
    void an_image_lies_there_as_glance_would_describe_it() throws Exception {
        var image = image("debian-12 abc", 1);
        var registered = region.register(image, LOG);
        var folder = root().resolve("images/" + registered.ref().id());
        var json = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("image.json")));
        assertThat(json.properties().stream().map(Map.Entry::getKey))
                .containsExactly(
                        "id",
                        "name",
                        "status",
                        "visibility",
                        "os_hidden",
                        "protected",
                        "size",
                        "checksum",
                        "os_hash_algo",
                        "os_hash_value",
                        "disk_format",
                        "container_format",
                        "min_disk",
                        "min_ram",
                        "created_at",
                        "updated_at",
                        "tags",
                        "os_distro");
        assertThat(json.get("checksum").asString())
                .isEqualTo(image.measured().digests().md5());
        assertThat(json.get("os_hash_value").asString())
                .isEqualTo(image.measured().digests().sha512());
        assertThat(json.get("min_disk").intValue()).isEqualTo(3);
        assertThat(json.get("min_ram").intValue()).isEqualTo(512);
        assertThat(json.get("disk_format").asString()).isEqualTo("qcow2");
        assertThat(json.get("os_hidden").isBoolean()).isTrue();
        for (var file : List.of("image.json", "image.qcow2")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                    .isEqualTo("r--r--r--");
        }
        assertThat(unfinished()).isEmpty();
    }

    @Test
    void a_byte_that_flips_on_its_way_to_the_disk_is_seen() throws Exception {
        var flipping = region((from, to) -> {
            StoredBytes.copy(from, to);
            flip(to, 100_000);
        });
        var failure = failure(flipping, image("a", 1));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessageContaining("region west has stored other bytes than those of a");
        assertNothingLeft();
        assertThat(region.register(image("a", 1), LOG).status()).isEqualTo("active");
    }

    @Test
    void a_copy_that_is_cut_short_is_seen() throws Exception {
        var torn = region((from, to) -> Files.write(to, Arrays.copyOf(Files.readAllBytes(from), 4096)));
        assertThat(failure(torn, image("a", 1))).hasMessageContaining("has stored other bytes");
        assertNothingLeft();
    }

    @Test
    void a_full_disk_is_named_and_leaves_nothing() throws Exception {
        var full = region((from, to) -> {
            Files.write(to, new byte[4096]);
            throw new IOException("No space left on device");
        });
        var failure = failure(full, image("a", 1));
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessage("region west is full: a does not fit into " + root());
        assertThat(failure.mend()).isEqualTo("Make space there.");
        assertNothingLeft();
    }

    @Test
    void an_image_that_cannot_fit_is_refused_before_it_is_copied() throws Exception {
        var full = new DirectoryRegion(
                "west", DiskFormat.QCOW2, root(), new StorePolicy(Duration.ofDays(1), 1L << 60), clock, (from, to) -> {
                    throw new AssertionError("copied all the same");
                });
        assertThat(failure(full, image("a", 1))).hasMessageContaining("region west is full");
        assertThat(full.availability().available()).isFalse();
        assertNothingLeft();
    }

    @Test
    void what_a_crash_left_half_made_is_replaced() throws Exception {
        // a killed process does not even clean up: take a picture of the folder at that moment, and put it back
        var picture = temporary.resolve("picture");
        var dying = region((from, to) -> {
            Files.write(to, new byte[4096]);
            copy(root(), picture);
            throw new Crash();
        });
        assertThat(catchThrowableOfType(Crash.class, () -> dying.register(image("a", 1), LOG)))
                .isNotNull();
        assertNothingLeft();
        Durable.delete(root());
        copy(picture, root());
        var half = region.list().getFirst();
        assertThat(half.status()).isEqualTo("saving");
        var registered = region.register(image("a", 1), LOG);
        assertThat(region.list()).containsExactly(registered);
        assertThat(region.file(half.ref().id())).isEmpty();
    }

    @Test
    void an_image_that_is_half_made_cannot_be_published() throws Exception {
        var early = region((from, to) -> {
            StoredBytes.copy(from, to);
            var id = Durable.parent(to).getFileName().toString();
            assertThat(catchThrowableOfType(StageFailure.class, () -> region.update(id, "x", "public", false)))
                    .hasMessageContaining("has no active image");
        });
        early.register(image("a", 1), LOG);
        assertThat(region.named("a")).hasSize(1);
    }

    @Test
    void a_damaged_record_is_named() throws Exception {
        var registered = region.register(image("a", 1), LOG);
        var record = root().resolve("images/" + registered.ref().id() + "/image.json");
        Files.delete(record);
        Files.writeString(record, "{\"id\": \"x\"");
        var failure = catchThrowableOfType(StageFailure.class, () -> region.list());
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessageContaining(record + " is damaged");
    }

    @Test
    void two_factories_that_share_a_region_see_the_same() throws Exception {
        var other = region(StoredBytes::copy);
        var registered = region.register(image("a", 1), LOG);
        assertThat(other.register(image("a", 1), LOG)).isEqualTo(registered);
        other.update(registered.ref().id(), "b", "public", false);
        assertThat(region.named("b")).hasSize(1);
    }

    @Test
    void leftovers_of_a_crash_are_removed_once_they_are_old() throws Exception {
        var old = Files.createDirectories(root().resolve(".unfinished/old"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2026-11-01T10:00:00Z")));
        Files.writeString(root().resolve(".unfinished/young"), "x");
        Files.setLastModifiedTime(
                root().resolve(".unfinished/young"), FileTime.from(Instant.parse("2026-11-22T09:00:00Z")));
        region(StoredBytes::copy);
        assertThat(unfinished()).containsExactly("young");
    }

    @Test
    void a_name_that_is_none_is_refused() throws Exception {
        var image = image("a", 1);
        for (var name : List.of("", "a\nb", "x".repeat(256))) {
            assertThat(failure(region, new NewImage(name, image.file(), image.measured(), Map.of()))
                            .blame())
                    .isEqualTo(Blame.IMAGE);
        }
        var bad = new NewImage("a", image.file(), image.measured(), Map.of("min_disk", "many"));
        assertThat(failure(region, bad)).hasMessageContaining("min_disk is “many”, which is no number");
        assertNothingLeft();
    }

    private static StageFailure failure(DirectoryRegion region, NewImage image) {
        var failure = catchThrowableOfType(StageFailure.class, () -> region.register(image, LOG));
        assertThat(failure).isNotNull();
        return failure;
    }

    private void assertNothingLeft() throws Exception {
        assertThat(region.list()).isEmpty();
        assertThat(root().resolve("images")).isEmptyDirectory();
        assertThat(unfinished()).isEmpty();
    }

    private List<String> unfinished() throws IOException {
        try (var files = Files.list(root().resolve(".unfinished"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var one = ByteBuffer.allocate(1);
            channel.read(one, at);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), at);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }
}
