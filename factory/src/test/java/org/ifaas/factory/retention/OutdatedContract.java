package org.ifaas.factory.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequests;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is over its time for all {@link Outdated}, and what never is. */
public interface OutdatedContract {
    Instant T0 = Instant.parse("2026-11-01T10:00:00Z");
    Instant LATER = T0.plus(Duration.ofDays(400));

    RetentionPolicy POLICY =
            new RetentionPolicy(true, Duration.ofDays(90), Duration.ofDays(14), Duration.ofDays(30), 2, 100);

    Journal journal();

    PublicationRequests requests();

    Logs logs();

    Outdated outdated();

    private static Instant day(int day) {
        return T0.plus(Duration.ofDays(day));
    }

    /** A build of “tiny” that ended on that day, with a log; sealed where it has not failed. */
    private BuildId build(int day, BuildState state, PublicationRequest.@Nullable State request) {
        var id = BuildId.random();
        journal().create(id, Parameters.of("tiny"), "anna", T0);
        var lease = journal().take(id, T0);
        try (var log = logs().open(id, 1, StageName.BUILD_IMAGE)) {
            log.line("built");
        }
        if (state.keepsImages()) {
            journal()
                    .done(
                            lease,
                            StageName.SIGN_IMAGE,
                            new ReleaseSealed("releases/tiny/" + id, "ab", "cd", T0, List.of()),
                            null,
                            T0);
        }
        if (request != null) {
            requests().create(lease, PublicationRequest.pending(id, "tiny", "s", "Tiny", "ab", List.of(), "anna", T0));
            if (request != PublicationRequest.State.PENDING) {
                requests().decide(id, PublicationRequest.State.PENDING, request, "bea", "four-eyes", null, T0);
            }
        }
        journal().end(lease, state, null, day(day));
        return id;
    }

    private BuildId good(int day) {
        return build(day, BuildState.SUCCEEDED, null);
    }

    private List<BuildId> artifacts(Instant now) {
        return outdated().artifacts(POLICY, now, 10);
    }

    @Test
    default void releases_that_were_not_published_are_over_after_their_days_but_for_the_newest_of_their_image() {
        var oldest = good(0);
        var older = good(1);
        good(2);
        good(3);
        assertThat(artifacts(day(30))).isEmpty();
        assertThat(artifacts(day(31))).containsExactly(oldest);
        assertThat(artifacts(LATER)).containsExactly(oldest, older);
        assertThat(outdated().artifacts(POLICY, LATER, 1)).containsExactly(oldest);
        assertThat(outdated().areArtifactsOver(older, POLICY, day(31))).isFalse();
        assertThat(outdated().areArtifactsOver(older, POLICY, LATER)).isTrue();
        assertThat(outdated().areLogsOver(older, POLICY, day(90))).isFalse();
        assertThat(outdated().areLogsOver(older, POLICY, LATER)).isTrue();
        assertThat(outdated().logs(POLICY, day(90), 10)).isEmpty();
        assertThat(outdated().logs(POLICY, LATER, 10)).containsExactly(oldest, older);
    }

    @Test
    default void what_was_published_or_may_still_be_stays_for_ever() {
        build(0, BuildState.SUCCEEDED, PublicationRequest.State.PUBLISHED);
        build(1, BuildState.SUCCEEDED, PublicationRequest.State.APPROVED);
        build(2, BuildState.SUCCEEDED, PublicationRequest.State.PENDING);
        var rejected = build(3, BuildState.SUCCEEDED, PublicationRequest.State.REJECTED);
        good(4);
        good(5);
        assertThat(artifacts(LATER)).containsExactly(rejected);
        assertThat(outdated().logs(POLICY, LATER, 10)).containsExactly(rejected);
    }

    @Test
    default void the_last_good_release_stays_when_newer_ones_are_partial() {
        var before = good(0);
        good(1);
        build(2, BuildState.PARTIAL, null);
        build(3, BuildState.PARTIAL, null);
        assertThat(artifacts(LATER)).containsExactly(before);
    }

    @Test
    default void artifacts_of_builds_that_failed_are_over_sooner_and_those_that_had_nothing_to_do_have_none() {
        var failed = build(0, BuildState.FAILED, null);
        var cancelled = build(1, BuildState.CANCELLED, null);
        build(2, BuildState.UNCHANGED, null);
        assertThat(artifacts(day(14))).isEmpty();
        assertThat(artifacts(day(15))).containsExactly(failed);
        assertThat(artifacts(LATER)).containsExactly(failed, cancelled);
    }

    @Test
    default void builds_that_go_on_and_builds_whose_host_is_kept_stay() {
        var failed = build(0, BuildState.FAILED, null);
        journal().record(failed, new HostDestroyed(day(21)), day(0));
        assertThat(artifacts(day(20))).isEmpty();
        assertThat(artifacts(day(22))).containsExactly(failed);
        journal().reopen(failed, Set.of(), day(22));
        assertThat(artifacts(LATER)).isEmpty();
        assertThat(outdated().logs(POLICY, LATER, 10)).isEmpty();
    }

    @Test
    default void nothing_of_an_image_goes_while_one_of_its_releases_is_signed_anew() {
        var failed = build(0, BuildState.FAILED, null);
        var again = BuildId.random();
        journal().create(again, Parameters.resign("tiny", failed), "anna", LATER);
        assertThat(artifacts(LATER)).isEmpty();
        journal().end(journal().take(again, LATER), BuildState.CANCELLED, null, LATER);
        assertThat(artifacts(LATER)).containsExactly(failed);
    }

    @Test
    default void what_has_begun_to_go_is_over_until_it_is_gone() throws Exception {
        var failed = build(0, BuildState.FAILED, null);
        journal().record(failed, new ArtifactsRemoved(LATER, null, 1, 7, "old"), LATER);
        journal().record(failed, new LogsRemoved(LATER, null, 1, 7, "old"), LATER);
        logs().remove(failed);
        assertThat(logs().size(failed)).isEqualTo(new Logs.Room(0, 0));
        assertThat(artifacts(LATER)).containsExactly(failed);
        assertThat(outdated().logs(POLICY, LATER, 10)).containsExactly(failed);
        journal().record(failed, new ArtifactsRemoved(LATER, LATER, 1, 7, "old"), LATER);
        journal().record(failed, new LogsRemoved(LATER, LATER, 1, 7, "old"), LATER);
        assertThat(artifacts(LATER)).isEmpty();
        assertThat(outdated().logs(POLICY, LATER, 10)).isEmpty();
    }
}
