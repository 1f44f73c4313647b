package org.ifaas.factory.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How images become public in a region, of whatever kind it is. */
public abstract class RegionPublisherContract {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    /** A second later each time it is asked. */
    protected final InstantSource clock = new InstantSource() {
        private Instant now = NOW;

        @Override
        public synchronized Instant instant() {
            now = now.plusSeconds(1);
            return now;
        }
    };

    @TempDir
    protected Path inputs;

    /** An empty region named {@code west}, the same one throughout a test, whose user may publish. */
    protected abstract Registry registry();

    /** Changes the bytes behind the region's back. */
    protected abstract void damage(String id) throws Exception;

    private RegionPublisher publisher() {
        return new RegionPublisher(registry(), new PlainMeasurer());
    }

    private int visiblePrevious;

    private Approval approved(String serial) throws Exception {
        return approved(serial, Map.of());
    }

    private Approval approved(String serial, Map<String, String> properties) throws Exception {
        var file = Files.writeString(inputs.resolve(serial), "image " + serial);
        var measured = new PlainMeasurer().measure(file);
        var all = new TreeMap<>(properties);
        all.put("internal_version", serial);
        var image = registry().register(new NewImage("tiny_" + serial, file, measured, all), text -> {});
        return approval(serial, measured.digests().sha256(), image.ref());
    }

    private Approval approval(String serial, String sha256, ImageRef image) {
        return new Approval(
                BuildId.random(),
                "tiny",
                serial,
                "Tiny",
                "a".repeat(64),
                sha256,
                List.of(image),
                List.of(),
                visiblePrevious,
                "anna",
                "bea",
                "four-eyes",
                NOW,
                NOW.plusSeconds(60),
                "b".repeat(32));
    }

    private static Map<String, String> files(Approval approval) {
        return Map.of("qcow2", approval.sha256());
    }

    private List<String> shown() throws StageFailure {
        return registry().list().stream()
                .map(image -> image.name() + " " + image.visibility() + (image.hidden() ? " hidden" : ""))
                .sorted()
                .toList();
    }

    @Test
    void the_newest_is_latest_and_those_before_it_are_hidden_under_their_own_ids() throws Exception {
        var approvals = new ArrayList<Approval>();
        for (var serial : List.of("s1", "s2", "s3", "s4")) {
            var approval = approved(serial);
            publisher().verify(approval, files(approval));
            publisher().publish(approval);
            publisher().publish(approval);
            approvals.add(approval);
        }
        assertThat(shown())
                .containsExactly(
                        "Tiny_latest public",
                        "Tiny_prev1 public hidden",
                        "Tiny_prev2 public hidden",
                        "Tiny_s1 public hidden");
        var id = approvals.getFirst().in("west").orElseThrow().id();
        assertThat(registry().find(id)).map(RegionImage::name).contains("Tiny_s1");

        publisher().publish(approvals.get(2));
        assertThat(registry().named("Tiny_latest"))
                .extracting(RegionImage::ref)
                .containsExactlyElementsOf(approvals.get(2).images());
    }

    @Test
    void as_many_before_it_stay_visible_as_the_approval_says() throws Exception {
        visiblePrevious = 1;
        for (var serial : List.of("s1", "s2", "s3")) {
            publisher().publish(approved(serial));
        }
        assertThat(shown()).containsExactly("Tiny_latest public", "Tiny_prev1 public", "Tiny_prev2 public hidden");

        visiblePrevious = 2;
        publisher().publish(approved("s4"));
        assertThat(shown())
                .containsExactly(
                        "Tiny_latest public", "Tiny_prev1 public", "Tiny_prev2 public", "Tiny_s1 public hidden");
    }

    @Test
    void there_is_one_public_image_of_the_purpose_generic_for_a_system() throws Exception {
        var generic =
                Map.of("os_purpose", "generic", "os_distro", "debian", "os_version", "12", "architecture", "x86_64");
        var other = approved("theirs", generic).in("west").orElseThrow().id();
        registry().update(other, "Debian 12", "public", false);
        var approval = approved("s1", generic);
        for (ThrowingCallable step : List.<ThrowingCallable>of(
                () -> publisher().verify(approval, files(approval)),
                () -> publisher().publish(approval))) {
            assertThatThrownBy(step)
                    .isInstanceOfSatisfying(
                            NotApproved.class,
                            refused -> assertThat(refused.mend()).startsWith("Hide that one"))
                    .hasMessageContainingAll("region west", "debian 12 on x86_64", "Debian 12 (" + other + ")");
        }
        var arm = new TreeMap<>(generic);
        arm.put("architecture", "aarch64");
        publisher().publish(approved("s2", arm));
        publisher().publish(approved("s3"));

        registry().update(other, "Debian 12", "public", true);
        publisher().verify(approval, files(approval));
        publisher().publish(approval);
        publisher().publish(approved("s4", generic));
        assertThat(registry().named("Tiny_latest"))
                .singleElement()
                .satisfies(image -> assertThat(image.properties()).containsEntry("internal_version", "s4"));
    }

    @Test
    void whoever_is_killed_while_publishing_ends_where_he_would_have() throws Exception {
        for (var serial : List.of("s1", "s2", "s3")) {
            publisher().publish(approved(serial));
        }
        for (int at = 0; at < 8; at++) {
            var approval = approved("k" + at);
            var mortal = new MortalRegistry(registry(), new Killer(at));
            assertThatThrownBy(() -> new RegionPublisher(mortal, new PlainMeasurer()).publish(approval))
                    .isInstanceOf(Killer.Killed.class);
            publisher().publish(approval);
            var older = at == 0
                    ? List.of("s3", "s2")
                    : at == 1 ? List.of("k0", "s3") : List.of("k" + (at - 1), "k" + (at - 2));
            assertThat(serial("Tiny_latest")).isEqualTo("k" + at);
            assertThat(serial("Tiny_prev1")).isEqualTo(older.getFirst());
            assertThat(serial("Tiny_prev2")).isEqualTo(older.getLast());
        }
    }

    private String serial(String name) throws StageFailure {
        var named = registry().named(name);
        assertThat(named).hasSize(1);
        return named.getFirst().properties().getOrDefault("internal_version", "");
    }

    @Test
    void an_image_of_the_same_name_that_is_not_public_is_somebody_elses() throws Exception {
        var file = Files.writeString(inputs.resolve("theirs"), "theirs");
        var theirs = registry()
                .register(new NewImage("Tiny_latest", file, new PlainMeasurer().measure(file), Map.of()), text -> {});
        publisher().publish(approved("s1"));
        assertThat(shown()).containsExactly("Tiny_latest private", "Tiny_latest public");
        assertThat(registry().find(theirs.ref().id())).contains(theirs);
    }

    @Test
    void bytes_that_are_not_those_that_were_approved_are_refused() throws Exception {
        var approval = approved("s1");
        publisher().verify(approval, files(approval));
        damage(approval.in("west").orElseThrow().id());
        assertThatThrownBy(() -> publisher().verify(approval, files(approval)))
                .isInstanceOf(NotApproved.class)
                .hasMessageContainingAll("region west", "has SHA-256", "approved is " + approval.sha256());
        assertThat(shown()).containsExactly("tiny_s1 private");
    }

    @Test
    void a_file_in_a_disk_format_that_nothing_signed_speaks_of_is_refused() throws Exception {
        var approval = approved("s1");
        assertThatThrownBy(() -> publisher().verify(approval, Map.of("vmdk", approval.sha256())))
                .isInstanceOf(NotApproved.class)
                .hasMessageContaining("is in the disk format “qcow2”, and no signed statement");
    }

    @Test
    void an_image_that_is_gone_or_of_another_region_is_refused() throws Exception {
        var gone = approved("s1");
        registry().delete(gone.in("west").orElseThrow().id());
        assertThatThrownBy(() -> publisher().verify(gone, files(gone)))
                .isInstanceOf(NotApproved.class)
                .hasMessageContaining("has no image");
        publisher().publish(approved("s0"));
        assertThatThrownBy(() -> publisher().publish(gone))
                .isInstanceOf(NotApproved.class)
                .hasMessageContaining("has no image");
        assertThat(shown()).as("the one before stays the latest").containsExactly("Tiny_latest public");
        var east = approval("s2", "c".repeat(64), new ImageRef("east", "x"));
        assertThatThrownBy(() -> publisher().verify(east, files(east))).isInstanceOf(NotApproved.class);
        assertThatThrownBy(() -> publisher().publish(east))
                .isInstanceOf(NotApproved.class)
                .hasMessageContaining("names no image in region west");
    }

    protected static byte[] otherBytes() {
        return "something else".getBytes(StandardCharsets.UTF_8);
    }
}
