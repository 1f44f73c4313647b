package org.ifaas.factory.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.image.OneImage;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.source.Repository;
import org.junit.jupiter.api.Test;

class SchedulingTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private Instant now = T0;
    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryAuditLog audit = new InMemoryAuditLog(() -> now);
    private final InMemorySchedules schedules = new InMemorySchedules(journal, audit);
    private final List<BuildId> queued = new ArrayList<>();

    private Scheduling scheduling(Declared... configured) {
        return new Scheduling(
                schedules,
                journal,
                queued::add,
                SchedulingTest::hourly,
                List.of(configured),
                SchedulePolicy.defaults(),
                audit,
                () -> now);
    }

    /** Every hour, whatever the expression; or never. */
    private static Optional<Instant> hourly(Timing timing, Instant after) {
        return timing.cron().equals("never")
                ? Optional.empty()
                : Optional.of(Instant.ofEpochSecond((after.getEpochSecond() / 3600 + 1) * 3600));
    }

    private static Declared declared(String image, Duration jitter) {
        return new Declared(image, new Timing("hourly", UTC, jitter), Declared.CONFIGURATION);
    }

    private Scheduling following() {
        var scheduling = scheduling(declared("tiny", Duration.ZERO));
        scheduling.follow(List.of(), Set.of());
        return scheduling;
    }

    private void pass(Duration duration) {
        now = now.plus(duration);
    }

    private void end(BuildState state) {
        var running = journal.unfinished().getFirst().id();
        journal.end(journal.take(running, now), state, null, now);
    }

    private Schedule tiny() {
        return schedules.find("tiny").orElseThrow();
    }

    @Test
    void aBuildStartsWhenItsTimeHasComeAndNotBefore() {
        var scheduling = following();
        pass(Duration.ofMinutes(59));
        scheduling.round();
        assertThat(queued).isEmpty();
        pass(Duration.ofMinutes(1));
        scheduling.round();
        assertThat(queued).hasSize(1);
        assertThat(journal.list(BuildSelection.ALL, 1))
                .extracting(Build::requester)
                .containsExactly("schedule");
    }

    @Test
    void runsThatWereMissedAreMadeUpForByOne() {
        var scheduling = following();
        pass(Duration.ofDays(3));
        scheduling.round();
        end(BuildState.SUCCEEDED);
        scheduling.round();
        assertThat(journal.list(BuildSelection.ALL, 10)).hasSize(1);
        assertThat(tiny().next()).isEqualTo(new Run(now.plusSeconds(3600), now.plusSeconds(3600)));
    }

    @Test
    void aRunWaitsForTheEndOfTheOneBefore() {
        var scheduling = following();
        pass(Duration.ofHours(1));
        scheduling.round();
        pass(Duration.ofHours(3));
        scheduling.round();
        assertThat(journal.list(BuildSelection.ALL, 10)).hasSize(1);
        end(BuildState.UNCHANGED);
        scheduling.round();
        assertThat(journal.list(BuildSelection.ALL, 10)).hasSize(2);
    }

    @Test
    void threeFailuresInARowPauseItAndAGoodBuildBetweenThemStartsTheCountAnew() {
        var scheduling = following();
        for (var state : List.of(
                BuildState.FAILED,
                BuildState.FAILED,
                BuildState.SUCCEEDED,
                BuildState.FAILED,
                BuildState.CANCELLED,
                BuildState.FAILED)) {
            pass(Duration.ofHours(1));
            scheduling.round();
            end(state);
        }
        scheduling.round();
        assertThat(tiny().paused()).isNull();
        pass(Duration.ofHours(1));
        scheduling.round();
        end(BuildState.FAILED);
        scheduling.round();
        assertThat(tiny().paused()).isEqualTo(new Schedule.Pause("schedule", now, "3 builds in a row have failed."));
        pass(Duration.ofDays(1));
        scheduling.round();
        assertThat(journal.unfinished()).isEmpty();
    }

    @Test
    void whatWasMissedDuringAPauseIsNotMadeUpFor() {
        var scheduling = following();
        scheduling.pause("tiny", "anna", "holidays");
        assertThat(scheduling.runs(tiny())).isEmpty();
        pass(Duration.ofHours(5));
        scheduling.resume("tiny", "bea");
        scheduling.round();
        assertThat(queued).isEmpty();
        assertThat(scheduling.runs(tiny())).startsWith(now.plusSeconds(3600));
    }

    @Test
    void whoeverChangesAScheduleIsInTheAuditLog() {
        var scheduling = following();
        scheduling.pause("tiny", "anna", "holidays");
        scheduling.resume("tiny", "bea");
        pass(Duration.ofHours(1));
        scheduling.round();
        scheduling().follow(List.of(), Set.of());
        assertThat(audit.said())
                .containsExactly(
                        "schedule schedule-changed tiny",
                        "anna schedule-paused tiny",
                        "bea schedule-resumed tiny",
                        "schedule build-asked " + queued.getFirst(),
                        "schedule schedule-removed tiny");
    }

    @Test
    void theRunsOfTheNextWeekAreListedWithTheirJitter() {
        var scheduling = scheduling(declared("tiny", Duration.ofMinutes(30)));
        scheduling.follow(List.of(), Set.of());
        var runs = scheduling.runs(tiny());
        assertThat(runs).hasSizeBetween(167, 168).isSorted();
        assertThat(runs)
                .allMatch(run -> Duration.ofSeconds(run.getEpochSecond() % 3600).compareTo(Duration.ofMinutes(30)) <= 0)
                .anyMatch(run -> run.getEpochSecond() % 3600 > 0);
        assertThat(scheduling.runs(tiny())).isEqualTo(runs);
    }

    @Test
    void theJitterOfARunIsTheSameOnEveryNodeAndDiffersBetweenImages() {
        var timing = new Timing("hourly", UTC, Duration.ofHours(1));
        assertThat(timing.lateness("a", T0)).isEqualTo(timing.lateness("a", T0)).isNotEqualTo(timing.lateness("b", T0));
    }

    @Test
    void theOperatorsScheduleWinsOverTheDefinitions() {
        var scheduling = following();
        scheduling.follow(
                List.of(new Repository.Listed("tiny", "shipped", null, "image.yaml:1: it is broken")), Set.of());
        assertThat(tiny().declared().source()).isEqualTo("ifaas.yaml");
    }

    @Test
    void twoRepositoriesImagesOfOneNameHaveAScheduleEachAndTheOperatorMayNameEither() {
        var timing = new Timing("hourly", UTC, Duration.ZERO);
        var definitions = List.of(
                new Repository.Listed("tiny", "ours", null, "it is broken"),
                new Repository.Listed("theirs:tiny", "theirs", null, "it is broken"));
        var scheduling = scheduling(
                new Declared("ours:tiny", timing, "ifaas.yaml"), new Declared("theirs:tiny", timing, "ifaas.yaml"));
        scheduling.follow(definitions, Set.of());
        assertThat(schedules.all()).extracting(Schedule::image).containsExactly("theirs:tiny", "tiny");
        pass(Duration.ofHours(1));
        scheduling.round();
        assertThat(journal.unfinished())
                .extracting(build -> build.parameters().image())
                .containsExactlyInAnyOrder("theirs:tiny", "tiny");
    }

    @Test
    void aScheduleGoesWhenItIsDeclaredNoMore() {
        following();
        scheduling().follow(List.of(), Set.of());
        assertThat(schedules.all()).isEmpty();
    }

    @Test
    void aScheduleStaysWhileItsDefinitionOrItsRepositoryCannotBeRead() {
        var timing = new Timing("hourly", UTC, Duration.ZERO);
        schedules.put(new Declared("tiny", timing, "shipped"), null);
        schedules.put(new Declared("far", timing, "away"), null);
        scheduling()
                .follow(
                        List.of(
                                new Repository.Listed("tiny", "shipped", null, "image.yaml:1: it is broken"),
                                new Repository.Listed("*", "away", null, "can't be reached")),
                        Set.of());
        assertThat(schedules.all()).extracting(Schedule::image).containsExactly("far", "tiny");
    }

    @Test
    void aNodeThatCannotAskARepositoryDoesNotUndoWhatAnotherHasFoundThere() {
        var newer = new Declared("tiny", new Timing("hourly", UTC, Duration.ZERO), "ours");
        schedules.put(newer, null);
        schedules.put(new Declared("added", newer.timing(), "ours"), null);
        var older = new OneImage("tiny").scheduled(new Timing("never", UTC, Duration.ZERO));
        scheduling().follow(List.of(new Repository.Listed("tiny", "ours", older, null)), Set.of("ours"));
        assertThat(schedules.all()).extracting(Schedule::image).containsExactly("added", "tiny");
        assertThat(tiny().declared()).isEqualTo(newer);
        assertThat(audit.said()).isEmpty();
    }

    @Test
    void aChangedTimingCountsFromNowAndAChangedPlaceChangesNothing() {
        following();
        pass(Duration.ofMinutes(50));
        var moved = new Declared("tiny", tiny().declared().timing(), "elsewhere");
        var before = tiny().next();
        scheduling(moved).follow(List.of(), Set.of());
        assertThat(tiny().next()).isEqualTo(before);
        scheduling(new Declared("tiny", new Timing("never", UTC, Duration.ZERO), "elsewhere"))
                .follow(List.of(), Set.of());
        assertThat(tiny().next()).isNull();
    }
}
