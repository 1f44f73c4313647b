package org.ifaas.factory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.CleanedUp;
import org.ifaas.factory.fact.HostConfigured;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Parameters.HostChoice;
import org.junit.jupiter.api.Test;

/** What every {@link Journal} keeps. Facts used here: {@link HostConfigured}, {@link ImageCopied}, {@link CleanedUp}. */
public interface JournalContract {
    Instant T0 = Instant.parse("2026-11-22T10:00:00.123456Z");
    Instant T1 = T0.plusSeconds(1);
    Instant T2 = T0.plusSeconds(2);
    Instant T3 = T0.plusSeconds(3);
    Fact CONFIGURED = new HostConfigured(Map.of("mmdebstrap", "1.3.5-7"));
    Converted RAW = new Converted(DiskFormat.RAW, new Measured(3L << 30, new Digests("m", "s2", "s5")));
    Fact COPIED = new ImageCopied(List.of(new ImageRef("south", "7b9e1d1c-0000-4000-8000-000000000001")), List.of(RAW));

    /** An empty journal. */
    Journal journal();

    private Lease taken(Journal journal) {
        var id = BuildId.random();
        journal.create(id, Parameters.of("debian-12"), "anna", T0);
        return journal.take(id, T1);
    }

    @Test
    default void a_fact_of_a_build_that_has_ended_is_replaced_by_who_carries_another() {
        var journal = journal();
        var release = journal.create(BuildId.random(), Parameters.of("debian-12"), "anna", T0);
        var carried = journal.take(release.id(), T0);
        journal.done(carried, StageName.CONFIGURE_BUILD_HOST, CONFIGURED, null, T0);
        var other = journal.create(BuildId.random(), Parameters.resign("debian-12", release.id()), "anna", T0);
        var lease = journal.take(other.id(), T0);
        assertThatThrownBy(
                        () -> journal.replace(lease, release.id(), new HostConfigured(Map.of("mmdebstrap", "2")), T0))
                .isInstanceOf(IllegalStateException.class);
        journal.end(carried, BuildState.SUCCEEDED, null, T0);

        journal.replace(lease, release.id(), new HostConfigured(Map.of("mmdebstrap", "2")), T0);

        assertThat(journal.facts(release.id()).get(HostConfigured.class))
                .isEqualTo(new HostConfigured(Map.of("mmdebstrap", "2")));
        assertThat(journal.find(release.id()).orElseThrow().state()).isEqualTo(BuildState.SUCCEEDED);
        journal.take(other.id(), T0);
        assertThatThrownBy(
                        () -> journal.replace(lease, release.id(), new HostConfigured(Map.of("mmdebstrap", "3")), T0))
                .isInstanceOf(LeaseLost.class);
    }

    @Test
    default void a_test_of_an_image_is_no_build_of_it() {
        var journal = journal();
        var parameters = Parameters.test("debian-12", "west/0f6a3a0e-0d5c-4a3e-9f5a-1f2b3c4d5e6f", null);
        var test = journal.create(BuildId.random(), parameters, "anna", T0);
        assertThat(test.parameters()).isEqualTo(parameters);
        journal.end(journal.take(test.id(), T0), BuildState.SUCCEEDED, null, T0);
        assertThat(journal.list(BuildSelection.of("debian-12"), 10))
                .extracting(Build::id)
                .contains(test.id());
        assertThat(journal.succeeded("debian-12", 10)).extracting(Build::id).doesNotContain(test.id());
    }

    @Test
    default void a_new_build_is_queued_and_found_as_it_was_recorded() {
        var journal = journal();
        var parameters = new Parameters(
                "debian-12",
                "feature/äöü --upload-pack",
                List.of("north", "south"),
                "mycloud",
                HostChoice.QEMU,
                Duration.ofHours(4),
                false,
                true,
                false,
                List.of("a@example.org"),
                "rc1");
        var build = journal.create(BuildId.random(), parameters, "anna", T0);
        assertThat(build.state()).isEqualTo(BuildState.QUEUED);
        assertThat(build.attempt()).isEqualTo(1);
        assertThat(build.requested()).isEqualTo(T0);
        assertThat(build.parameters()).isEqualTo(parameters);
        assertThat(journal.find(build.id())).contains(build);
        assertThat(journal.find(BuildId.random())).isEmpty();
    }

    @Test
    default void builds_are_listed_newest_first_and_unfinished_ones_oldest_first() {
        var journal = journal();
        var first = journal.create(BuildId.random(), Parameters.of("a"), "anna", T0);
        var second = journal.create(BuildId.random(), Parameters.of("b"), "anna", T1);
        var third = journal.create(BuildId.random(), Parameters.of("c"), "anna", T2);
        assertThat(journal.list(BuildSelection.ALL, 2)).containsExactly(third, second);
        assertThat(journal.list(BuildSelection.ALL.after(second.id()), 2)).containsExactly(first);
        assertThat(journal.list(BuildSelection.ALL.after(first.id()), 2)).isEmpty();
        journal.end(journal.take(second.id(), T3), BuildState.FAILED, "no space", T3);
        assertThat(journal.unfinished()).containsExactly(first, third);
    }

    @Test
    default void builds_are_listed_by_image_and_state_and_read_on_after_one_of_them() {
        var journal = journal();
        var first = journal.create(BuildId.random(), Parameters.of("a"), "anna", T0);
        journal.create(BuildId.random(), Parameters.of("b"), "anna", T0);
        var second = journal.create(BuildId.random(), Parameters.of("a"), "anna", T1);
        var third = journal.create(BuildId.random(), Parameters.of("a"), "anna", T2);
        assertThat(journal.list(BuildSelection.of("a"), 2)).containsExactly(third, second);
        assertThat(journal.list(BuildSelection.of("a").after(second.id()), 2)).containsExactly(first);
        assertThat(journal.list(BuildSelection.of("c"), 2)).isEmpty();
        journal.take(second.id(), T3);
        assertThat(journal.count(BuildSelection.ALL)).isEqualTo(4);
        assertThat(journal.count(BuildSelection.ALL.in(BuildState.QUEUED))).isEqualTo(3);
        assertThat(journal.count(BuildSelection.of("a").in(BuildState.QUEUED).after(third.id())))
                .isEqualTo(2);
        assertThat(journal.count(BuildSelection.ALL.among(new ImagePatterns(Set.of("b")))))
                .isEqualTo(1);
        assertThat(journal.list(BuildSelection.of("a").in(BuildState.RUNNING), 5))
                .extracting(Build::id)
                .containsExactly(second.id());
    }

    @Test
    default void builds_are_listed_of_some_images_by_their_patterns() {
        var journal = journal();
        var web = journal.create(BuildId.random(), Parameters.of("web-1.0"), "anna", T0);
        var other = journal.create(BuildId.random(), Parameters.of("web-110"), "anna", T1);
        journal.create(BuildId.random(), Parameters.of("my-web-1.0"), "anna", T2);
        assertThat(journal.list(BuildSelection.ALL.among(new ImagePatterns(Set.of("web-*"))), 9))
                .containsExactly(other, web);
        assertThat(journal.list(BuildSelection.ALL.among(new ImagePatterns(Set.of("web-1.0", "none"))), 9))
                .containsExactly(web);
        assertThat(journal.list(BuildSelection.of("web-110").among(new ImagePatterns(Set.of("web-1.*"))), 9))
                .isEmpty();
        assertThat(journal.list(BuildSelection.ALL.among(ImagePatterns.NONE), 9))
                .isEmpty();
    }

    @Test
    default void builds_are_found_by_the_start_of_their_id() {
        var journal = journal();
        var first = journal.create(new BuildId("abcdefgh"), Parameters.of("a"), "anna", T0);
        var second = journal.create(new BuildId("abcdefgj"), Parameters.of("a"), "anna", T0);
        assertThat(journal.startingWith("abcdefgh", 2)).containsExactly(first);
        assertThat(journal.startingWith("abc", 2)).containsExactlyInAnyOrder(first, second);
        for (var none : List.of("", "%", "abcdefghj", "_bc", "ABC")) {
            assertThat(journal.startingWith(none, 2)).as(none).isEmpty();
        }
    }

    @Test
    default void taking_a_queued_build_runs_it_and_taking_it_again_keeps_its_start() {
        var journal = journal();
        var lease = taken(journal);
        var again = journal.take(lease.build(), T2);
        assertThat(again.epoch()).isGreaterThan(lease.epoch());
        var build = journal.check(again);
        assertThat(build.state()).isEqualTo(BuildState.RUNNING);
        assertThat(build.started()).isEqualTo(T1);
    }

    @Test
    default void a_build_that_waits_for_room_is_queued_with_its_reason_until_a_stage_starts() {
        var journal = journal();
        var lease = taken(journal);
        journal.start(lease, StageName.CONFIGURE_BUILD_HOST, T1);
        journal.done(lease, StageName.CONFIGURE_BUILD_HOST, CONFIGURED, null, T1);
        var runs = journal.stageRuns(lease.build(), 1);
        journal.start(lease, StageName.TEST_IMAGE, T1);
        var waits = journal.queued(lease, "10 of 10 instances are used");
        assertThat(waits.state()).isEqualTo(BuildState.QUEUED);
        assertThat(waits.reason()).isEqualTo("10 of 10 instances are used");
        assertThat(waits.started()).isNull();
        assertThat(journal.stageRuns(lease.build(), 1)).isEqualTo(runs);
        assertThat(journal.unfinished()).containsExactly(waits);

        var again = journal.take(lease.build(), T2);
        assertThat(journal.check(again)).as("a look is no start").isEqualTo(waits);
        assertThatThrownBy(() -> journal.queued(lease, "x")).isInstanceOf(LeaseLost.class);
        assertThat(journal.queued(again, "9 of 9 instances are used").reason()).startsWith("9 of 9");

        journal.start(again, StageName.TEST_IMAGE, T3);
        var goesOn = journal.check(again);
        assertThat(goesOn.state()).isEqualTo(BuildState.RUNNING);
        assertThat(goesOn.started()).isEqualTo(T3);
        assertThat(goesOn.reason()).isNull();
    }

    @Test
    default void nobody_takes_a_build_that_is_not_there() {
        var journal = journal();
        assertThatThrownBy(() -> journal.take(BuildId.random(), T0)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    default void whoever_lost_the_lease_is_refused_and_has_written_nothing() {
        var journal = journal();
        var old = taken(journal);
        journal.start(old, StageName.INITIALIZE, T1);
        journal.done(old, StageName.CONFIGURE_BUILD_HOST, CONFIGURED, null, T1);
        var id = old.build();
        var lease = journal.take(id, T2);
        var build = journal.check(lease);
        var runs = journal.stageRuns(id, 1);

        assertThatThrownBy(() -> journal.cancelRequested(old)).isInstanceOf(LeaseLost.class);
        assertThatThrownBy(() -> journal.check(old)).isInstanceOf(LeaseLost.class);
        assertThatThrownBy(() -> journal.start(old, StageName.BUILD_IMAGE, T3)).isInstanceOf(LeaseLost.class);
        assertThatThrownBy(() -> journal.done(old, StageName.COPY_TO_REGIONS, COPIED, "x", T3))
                .isInstanceOf(LeaseLost.class);
        assertThatThrownBy(() -> journal.ended(
                        old, StageName.INITIALIZE, StageState.FAILED, Blame.HOST, "gone", "spawn another", T3))
                .isInstanceOf(LeaseLost.class);
        assertThatThrownBy(() -> journal.makeVoid(old, Set.of(HostConfigured.class), T3))
                .isInstanceOf(LeaseLost.class);
        assertThatThrownBy(() -> journal.nextAttempt(old)).isInstanceOf(LeaseLost.class);
        assertThatThrownBy(() -> journal.end(old, BuildState.FAILED, "gone", T3))
                .isInstanceOf(LeaseLost.class);

        assertThat(journal.check(lease)).isEqualTo(build);
        assertThat(journal.stageRuns(id, 1)).isEqualTo(runs);
        assertThat(journal.facts(id).all()).containsExactly(CONFIGURED);
    }

    @Test
    default void a_stage_goes_from_running_to_done_with_its_fact() {
        var journal = journal();
        var lease = taken(journal);
        journal.start(lease, StageName.CONFIGURE_BUILD_HOST, T1);
        assertThat(journal.stageRuns(lease.build(), 1))
                .containsExactly(new StageRun(
                        lease.build(),
                        1,
                        StageName.CONFIGURE_BUILD_HOST,
                        StageState.RUNNING,
                        T1,
                        null,
                        null,
                        null,
                        null));
        journal.done(lease, StageName.CONFIGURE_BUILD_HOST, CONFIGURED, "3 packages", T2);
        assertThat(journal.stageRuns(lease.build(), 1))
                .containsExactly(new StageRun(
                        lease.build(),
                        1,
                        StageName.CONFIGURE_BUILD_HOST,
                        StageState.DONE,
                        T1,
                        T2,
                        null,
                        "3 packages",
                        null));
        assertThat(journal.facts(lease.build()).get(HostConfigured.class)).isEqualTo(CONFIGURED);
    }

    @Test
    default void a_failed_stage_says_who_is_to_blame_and_a_second_start_forgets_that() {
        var journal = journal();
        var lease = taken(journal);
        var stage = StageName.SPAWN_BUILD_HOST;
        journal.start(lease, stage, T1);
        journal.ended(lease, stage, StageState.FAILED, Blame.CLOUD, "no quota for flavor m1", "raise the quota", T2);
        var failed = journal.stageRuns(lease.build(), 1).getFirst();
        assertThat(failed.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failed.message()).isEqualTo("no quota for flavor m1");
        assertThat(failed.mend()).isEqualTo("raise the quota");
        journal.start(lease, stage, T3);
        assertThat(journal.stageRuns(lease.build(), 1))
                .containsExactly(new StageRun(lease.build(), 1, stage, StageState.RUNNING, T3, null, null, null, null));
    }

    @Test
    default void a_stage_that_another_node_goes_on_with_began_when_the_first_one_began_it() {
        var journal = journal();
        var lease = taken(journal);
        journal.start(lease, StageName.BUILD_IMAGE, T1);
        var other = journal.take(lease.build(), T2);
        journal.start(other, StageName.BUILD_IMAGE, T2);
        assertThat(journal.stageRuns(lease.build(), 1).getFirst().started()).isEqualTo(T1);
        journal.ended(other, StageName.BUILD_IMAGE, StageState.FAILED, Blame.HOST, "lost", "Retry.", T2);
        journal.start(other, StageName.BUILD_IMAGE, T3);
        assertThat(journal.stageRuns(lease.build(), 1).getFirst().started()).isEqualTo(T3);
    }

    @Test
    default void stage_runs_come_in_the_pipelines_order_and_skipped_ones_need_no_start() {
        var journal = journal();
        var lease = taken(journal);
        journal.start(lease, StageName.HASH_IMAGE, T1);
        journal.start(lease, StageName.BUILD_IMAGE, T1);
        journal.ended(lease, StageName.INITIALIZE, StageState.SKIPPED, null, "its fact stands", null, T1);
        assertThat(journal.stageRuns(lease.build(), 1))
                .extracting(StageRun::stage)
                .containsExactly(StageName.INITIALIZE, StageName.BUILD_IMAGE, StageName.HASH_IMAGE);
        assertThat(journal.stageRuns(lease.build(), 1).getFirst().started()).isNull();
    }

    @Test
    default void one_fact_of_a_type_stands_and_a_void_one_does_not() {
        var journal = journal();
        var lease = taken(journal);
        var newer = new HostConfigured(Map.of("mmdebstrap", "1.4.0"));
        journal.done(lease, StageName.CONFIGURE_BUILD_HOST, CONFIGURED, null, T1);
        journal.done(lease, StageName.CONFIGURE_BUILD_HOST, newer, null, T2);
        journal.done(lease, StageName.COPY_TO_REGIONS, COPIED, null, T2);
        assertThat(journal.facts(lease.build()).all()).containsExactlyInAnyOrder(newer, COPIED);
        journal.makeVoid(lease, Set.of(HostConfigured.class, CleanedUp.class), T3);
        assertThat(journal.facts(lease.build()).all()).containsExactly(COPIED);
        journal.done(lease, StageName.CONFIGURE_BUILD_HOST, CONFIGURED, null, T3);
        assertThat(journal.facts(lease.build()).all()).containsExactlyInAnyOrder(CONFIGURED, COPIED);
    }

    @Test
    default void facts_outlive_their_attempt_and_stage_runs_belong_to_theirs() {
        var journal = journal();
        var lease = taken(journal);
        journal.done(lease, StageName.COPY_TO_REGIONS, COPIED, null, T1);
        assertThat(journal.nextAttempt(lease).attempt()).isEqualTo(2);
        journal.start(lease, StageName.INITIALIZE, T2);
        assertThat(journal.facts(lease.build()).all()).containsExactly(COPIED);
        assertThat(journal.stageRuns(lease.build(), 1))
                .extracting(StageRun::stage)
                .containsExactly(StageName.COPY_TO_REGIONS);
        assertThat(journal.stageRuns(lease.build(), 2))
                .extracting(StageRun::stage)
                .containsExactly(StageName.INITIALIZE);
    }

    @Test
    default void cancelling_is_a_wish_that_an_ended_build_ignores() {
        var journal = journal();
        var lease = taken(journal);
        assertThat(journal.cancelRequested(lease)).isFalse();
        journal.requestCancel(lease.build());
        assertThat(journal.check(lease).cancelRequested()).isTrue();
        assertThat(journal.cancelRequested(lease)).isTrue();
        var other = taken(journal);
        assertThat(journal.cancelRequested(other)).isFalse();
        journal.end(other, BuildState.SUCCEEDED, null, T2);
        journal.requestCancel(other.build());
        assertThat(journal.find(other.build()).orElseThrow().cancelRequested()).isFalse();
    }

    @Test
    default void how_long_a_host_is_kept_can_be_changed_until_the_build_has_ended() {
        var journal = journal();
        var lease = taken(journal);
        journal.keepHost(lease.build(), Duration.ofHours(4));
        assertThat(journal.check(lease).parameters().keepHost()).isEqualTo(Duration.ofHours(4));
        journal.keepHost(lease.build(), null);
        assertThat(journal.check(lease).parameters().keepHost()).isNull();
        journal.end(lease, BuildState.SUCCEEDED, null, T2);
        journal.keepHost(lease.build(), Duration.ofHours(4));
        assertThat(journal.find(lease.build()).orElseThrow().parameters().keepHost())
                .isNull();
    }

    @Test
    default void an_ended_build_has_a_reason_and_is_reopened_as_a_new_attempt() {
        var journal = journal();
        var lease = taken(journal);
        journal.requestCancel(lease.build());
        assertThatThrownBy(() -> journal.reopen(lease.build(), Set.of(), T2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> journal.end(lease, BuildState.RUNNING, null, T2))
                .isInstanceOf(IllegalArgumentException.class);
        journal.end(lease, BuildState.CANCELLED, "cancelled by anna", T2);
        var ended = journal.find(lease.build()).orElseThrow();
        assertThat(ended.state()).isEqualTo(BuildState.CANCELLED);
        assertThat(ended.reason()).isEqualTo("cancelled by anna");
        assertThat(ended.ended()).isEqualTo(T2);

        var reopened = journal.reopen(lease.build(), Set.of(), T3);
        assertThat(reopened.state()).isEqualTo(BuildState.QUEUED);
        assertThat(reopened.attempt()).isEqualTo(2);
        assertThat(reopened.cancelRequested()).isFalse();
        assertThat(reopened.ended()).isNull();
        assertThat(reopened.reason()).isNull();
        assertThatThrownBy(() -> journal.check(lease)).isInstanceOf(LeaseLost.class);
    }

    @Test
    default void what_a_build_made_first_is_known_when_it_is_void_and_made_again() {
        var journal = journal();
        var lease = taken(journal);
        assertThat(journal.first(lease.build(), HostConfigured.class)).isEmpty();
        journal.done(lease, StageName.CONFIGURE_BUILD_HOST, CONFIGURED, null, T1);
        journal.makeVoid(lease, Set.of(HostConfigured.class), T2);
        journal.done(
                lease, StageName.CONFIGURE_BUILD_HOST, new HostConfigured(Map.of("mmdebstrap", "1.4.0")), null, T3);
        assertThat(journal.first(lease.build(), HostConfigured.class).map(Fact.class::cast))
                .hasValue(CONFIGURED);
    }

    @Test
    default void a_build_is_reopened_together_with_the_void_of_all_that_is_made_again_or_not_at_all() {
        var journal = journal();
        var lease = taken(journal);
        var again = Set.<Class<? extends Fact>>of(HostConfigured.class, CleanedUp.class);
        journal.done(lease, StageName.CONFIGURE_BUILD_HOST, CONFIGURED, null, T1);
        journal.done(lease, StageName.COPY_TO_REGIONS, COPIED, null, T1);
        journal.done(lease, StageName.CLEAN_UP, new CleanedUp(List.of()), null, T1);
        assertThatThrownBy(() -> journal.reopen(lease.build(), again, T2)).isInstanceOf(IllegalStateException.class);
        assertThat(journal.facts(lease.build()).all()).hasSize(3);
        journal.end(lease, BuildState.FAILED, "x", T2);
        journal.reopen(lease.build(), again, T3);
        assertThat(journal.facts(lease.build()).all()).containsExactly(COPIED);
    }

    @Test
    default void a_build_of_which_artifacts_were_removed_has_ended_for_ever() {
        var journal = journal();
        var lease = taken(journal);
        var gone = new ArtifactsRemoved(T2, null, 3, 7, "old");
        assertThatThrownBy(() -> journal.record(lease.build(), gone, T2)).isInstanceOf(IllegalStateException.class);
        journal.end(lease, BuildState.FAILED, "x", T2);
        journal.record(lease.build(), new ArtifactsRemoved(T2, T2, 0, 0, "old"), T2);
        var again = journal.reopen(lease.build(), Set.of(), T2);
        assertThat(journal.facts(again.id()).has(ArtifactsRemoved.class)).isFalse();
        journal.end(journal.take(again.id(), T2), BuildState.FAILED, "x", T2);
        journal.record(again.id(), gone, T3);
        assertThat(journal.facts(again.id()).get(ArtifactsRemoved.class)).isEqualTo(gone);
        assertThatThrownBy(() -> journal.reopen(again.id(), Set.of(), T3)).hasMessageContaining("were removed");
    }

    @Test
    default void builds_that_succeeded_are_found_by_image_newest_first() {
        var journal = journal();
        var ids = new ArrayList<BuildId>();
        for (var image : List.of("debian-12", "debian-12", "debian-13", "debian-12")) {
            var id = BuildId.random();
            journal.create(id, Parameters.of(image), "anna", T0);
            journal.end(journal.take(id, T0), BuildState.SUCCEEDED, null, T0.plusSeconds(ids.size()));
            ids.add(id);
        }
        var failed = taken(journal);
        journal.end(failed, BuildState.FAILED, null, T3);
        assertThat(journal.succeeded("debian-12", 2)).extracting(Build::id).containsExactly(ids.get(3), ids.get(1));
    }
}
