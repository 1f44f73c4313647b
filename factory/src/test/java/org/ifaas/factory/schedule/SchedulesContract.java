package org.ifaas.factory.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Parameters;
import org.junit.jupiter.api.Test;

/** What all {@link Schedules} keep. */
public interface SchedulesContract {
    Instant T0 = Instant.parse("2026-11-22T10:00:00.123456Z");
    Run FIRST = new Run(T0, T0.plusSeconds(7));
    Run SECOND = new Run(T0.plusSeconds(3600), T0.plusSeconds(3611));
    Declared WEEKLY = new Declared(
            "tiny", new Timing("30 3 * * 1", ZoneId.of("Europe/Berlin"), Duration.ofMinutes(30)), "shipped");
    Schedule.Pause PAUSE = new Schedule.Pause("anna", T0, "the mirror is being moved");

    Schedules schedules();

    Journal journal();

    AuditLog audit();

    private Schedule tiny() {
        return schedules().find("tiny").orElseThrow();
    }

    private BuildId start(Run run, Run next) {
        return schedules()
                .start("tiny", run, next, BuildId.random(), Parameters.of("tiny"), T0)
                .map(Build::id)
                .orElseThrow();
    }

    @Test
    default void what_is_declared_reads_as_it_was_written() {
        schedules().put(WEEKLY, FIRST);
        assertThat(schedules().all()).containsExactly(new Schedule(WEEKLY, FIRST, null, 0, null, null, null));
        schedules().put(WEEKLY, null);
        assertThat(tiny().next()).isNull();
        schedules().remove("tiny");
        assertThat(schedules().all()).isEmpty();
    }

    @Test
    default void a_run_creates_its_build_and_moves_on_at_once() {
        schedules().put(WEEKLY, FIRST);
        var build = start(FIRST, SECOND);
        assertThat(journal().find(build).map(Build::requester)).hasValue("schedule");
        assertThat(tiny()).isEqualTo(new Schedule(WEEKLY, SECOND, null, 0, build, build, T0));
        assertThat(audit().list(1, null))
                .singleElement()
                .returns("schedule", AuditEntry::who)
                .returns("build-asked", AuditEntry::action)
                .returns(build.value(), AuditEntry::object)
                .returns(FIRST.details("tiny"), AuditEntry::details);
        assertThat(audit().verify(null).whole()).isTrue();
    }

    @Test
    default void a_run_that_another_node_has_started_starts_nothing() {
        schedules().put(WEEKLY, FIRST);
        start(FIRST, SECOND);
        assertThat(schedules().start("tiny", FIRST, SECOND, BuildId.random(), Parameters.of("tiny"), T0))
                .isEmpty();
        assertThat(journal().list(BuildSelection.ALL, 10)).hasSize(1);
    }

    @Test
    default void the_end_of_its_build_is_noted_once() {
        schedules().put(WEEKLY, FIRST);
        var build = start(FIRST, SECOND);
        schedules().ended("tiny", build, 1, null);
        schedules().ended("tiny", build, 9, PAUSE);
        assertThat(tiny()).isEqualTo(new Schedule(WEEKLY, SECOND, null, 1, null, build, T0));
    }

    @Test
    default void a_paused_one_starts_nothing_until_it_is_resumed_and_forgets_its_failures_then() {
        schedules().put(WEEKLY, FIRST);
        schedules().ended("tiny", start(FIRST, SECOND), 3, PAUSE);
        assertThat(tiny().paused()).isEqualTo(PAUSE);
        assertThat(schedules().start("tiny", SECOND, null, BuildId.random(), Parameters.of("tiny"), T0))
                .isEmpty();
        schedules().put(WEEKLY, SECOND);
        assertThat(tiny().paused()).isEqualTo(PAUSE);
        assertThat(tiny().failures()).isEqualTo(3);
        schedules().resume("tiny", FIRST);
        assertThat(tiny().paused()).isNull();
        assertThat(tiny().failures()).isZero();
        assertThat(tiny().next()).isEqualTo(FIRST);
    }

    @Test
    default void who_paused_it_first_is_who_paused_it() {
        schedules().put(WEEKLY, FIRST);
        schedules().pause("tiny", PAUSE);
        schedules().pause("tiny", new Schedule.Pause("bea", T0.plusSeconds(1), "so"));
        assertThat(tiny().paused()).isEqualTo(PAUSE);
    }
}
