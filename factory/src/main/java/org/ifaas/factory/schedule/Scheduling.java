package org.ifaas.factory.schedule;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildQueue;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.source.Repository;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts builds when their time has come. Runs that were missed while no factory ran are made up for by one. */
public final class Scheduling {
    private static final Logger LOG = LoggerFactory.getLogger(Scheduling.class);
    private static final int MOST_RUNS = 200;

    private final Schedules schedules;
    private final Journal journal;
    private final BuildQueue queue;
    private final Cron cron;
    private final List<Declared> configured;
    private final SchedulePolicy policy;
    private final AuditLog audit;
    private final InstantSource clock;

    /** @param configured the operator's, which win over those of the definitions */
    public Scheduling(
            Schedules schedules,
            Journal journal,
            BuildQueue queue,
            Cron cron,
            List<Declared> configured,
            SchedulePolicy policy,
            AuditLog audit,
            InstantSource clock) {
        this.schedules = schedules;
        this.journal = journal;
        this.queue = queue;
        this.cron = cron;
        this.configured = List.copyOf(configured);
        this.policy = policy;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Takes over what is declared now. A schedule whose definition can't be read, or whose repository can't be reached, stays as
     * it is: another node may know better.
     *
     * @param unasked names of the repositories that can't be reached now
     */
    public void follow(List<Repository.Listed> definitions, Set<String> unasked) {
        var declared = new LinkedHashMap<String, Declared>();
        var unknown = new HashSet<>(unasked);
        configured.stream()
                .map(schedule -> named(schedule, definitions))
                .forEach(schedule -> declared.put(schedule.image(), schedule));
        for (var listed : definitions) {
            var definition = listed.definition();
            if (definition == null) {
                unknown.add(listed.name().equals("*") ? listed.repository() : listed.name());
            } else if (definition.schedule() != null && !unasked.contains(listed.repository())) {
                declared.putIfAbsent(
                        listed.name(), new Declared(listed.name(), definition.schedule(), listed.repository()));
            }
        }
        var known = new LinkedHashMap<String, Schedule>();
        schedules.all().forEach(schedule -> known.put(schedule.image(), schedule));
        declared.values().forEach(schedule -> put(schedule, known.get(schedule.image())));
        known.values().stream()
                .filter(schedule -> !declared.containsKey(schedule.image()))
                .filter(schedule -> !unknown.contains(schedule.image())
                        && !unknown.contains(schedule.declared().source()))
                .forEach(schedule -> {
                    LOG.info("{}: it has no schedule any more", schedule.image());
                    audit.record(
                            Schedule.REQUESTER,
                            AuditAction.SCHEDULE_REMOVED,
                            schedule.image(),
                            details(schedule.declared()));
                    schedules.remove(schedule.image());
                });
    }

    /** By the one name of its image: an operator may have written the repository's in front of it, too. */
    private static Declared named(Declared configured, List<Repository.Listed> definitions) {
        return definitions.stream()
                .filter(listed -> listed.isMeantBy(configured.image()))
                .findFirst()
                .map(listed -> new Declared(listed.name(), configured.timing(), configured.source()))
                .orElse(configured);
    }

    private void put(Declared declared, @Nullable Schedule known) {
        if (known != null && known.declared().equals(declared)) {
            return;
        }
        if (known != null && known.declared().timing().equals(declared.timing())) {
            schedules.put(declared, known.next());
            return;
        }
        audit.record(Schedule.REQUESTER, AuditAction.SCHEDULE_CHANGED, declared.image(), details(declared));
        var next = after(declared, clock.instant());
        LOG.info(
                "{}: scheduled by {}, {}",
                declared.image(),
                declared.source(),
                next == null ? "at no time at all" : "first at " + next.start());
        schedules.put(declared, next);
    }

    private static Map<String, String> details(Declared declared) {
        var timing = declared.timing();
        return Map.of(
                "cron", timing.cron(),
                "zone", timing.zone().getId(),
                "jitter", timing.jitter().toString(),
                "source", declared.source());
    }

    /** Looks how builds have ended, and starts those whose time has come; called again and again. */
    public void round() {
        for (var schedule : schedules.all()) {
            var now = schedule.running() == null ? schedule : looked(schedule, schedule.running());
            if (now.due(clock.instant())) {
                start(now);
            }
        }
    }

    private Schedule looked(Schedule schedule, BuildId running) {
        var state = journal.find(running).map(Build::state).orElse(BuildState.CANCELLED);
        if (!state.ended()) {
            // A crash may have come between its creation and its place in the queue.
            queue.enqueue(running);
            return schedule;
        }
        int failures = state == BuildState.FAILED ? schedule.failures() + 1 : state.good() ? 0 : schedule.failures();
        var pause = state == BuildState.FAILED && failures >= policy.failures() && schedule.paused() == null
                ? new Schedule.Pause(
                        Schedule.REQUESTER,
                        clock.instant(),
                        failures == 1 ? "Its build has failed." : failures + " builds in a row have failed.")
                : null;
        if (pause != null) {
            LOG.warn("{}: its schedule is paused: {}", schedule.image(), pause.reason());
            audit.record(pause.by(), AuditAction.SCHEDULE_PAUSED, schedule.image(), Map.of("reason", pause.reason()));
        }
        schedules.ended(schedule.image(), running, failures, pause);
        return schedules.find(schedule.image()).orElse(schedule);
    }

    private void start(Schedule schedule) {
        var run = schedule.next();
        if (run == null) {
            return;
        }
        var image = schedule.image();
        var now = clock.instant();
        schedules
                .start(image, run, after(schedule.declared(), now), BuildId.random(), Parameters.of(image), now)
                .ifPresent(build -> {
                    LOG.info("{}: build {} is started by its schedule", image, build.id());
                    queue.enqueue(build.id());
                });
    }

    public List<Schedule> all() {
        return schedules.all();
    }

    public Optional<Schedule> find(String image) {
        return schedules.find(image);
    }

    public void pause(String image, String by, String reason) {
        audit.record(by, AuditAction.SCHEDULE_PAUSED, image, Map.of("reason", reason));
        schedules.pause(image, new Schedule.Pause(by, clock.instant(), reason));
    }

    /** What was missed while it was paused is not made up for. */
    public void resume(String image, String by) {
        audit.record(by, AuditAction.SCHEDULE_RESUMED, image, Map.of());
        schedules
                .find(image)
                .ifPresent(schedule -> schedules.resume(image, after(schedule.declared(), clock.instant())));
    }

    /** When it will start builds, as far ahead as the policy says; empty while it is paused. */
    public List<Instant> runs(Schedule schedule) {
        var runs = new ArrayList<Instant>();
        var until = clock.instant().plus(policy.ahead());
        var run = schedule.paused() == null ? schedule.next() : null;
        while (run != null && run.start().isBefore(until) && runs.size() < MOST_RUNS) {
            runs.add(run.start());
            run = after(schedule.declared(), run.planned());
        }
        return runs;
    }

    private @Nullable Run after(Declared declared, Instant instant) {
        return cron.next(declared.timing(), instant)
                .map(time -> new Run(time, time.plus(declared.timing().lateness(declared.image(), time))))
                .orElse(null);
    }
}
