package org.ifaas.factory.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Parameters;
import org.jspecify.annotations.Nullable;

/** Schedules for tests that need no database. */
public final class InMemorySchedules implements Schedules {
    private final Journal journal;
    private final AuditLog audit;
    private final Map<String, Schedule> schedules = new TreeMap<>();

    public InMemorySchedules(Journal journal, AuditLog audit) {
        this.journal = journal;
        this.audit = audit;
    }

    @Override
    public synchronized List<Schedule> all() {
        return List.copyOf(schedules.values());
    }

    @Override
    public synchronized Optional<Schedule> find(String image) {
        return Optional.ofNullable(schedules.get(image));
    }

    @Override
    public synchronized void put(Declared declared, @Nullable Run next) {
        var known = schedules.get(declared.image());
        schedules.put(
                declared.image(),
                known == null
                        ? new Schedule(declared, next, null, 0, null, null, null)
                        : new Schedule(
                                declared,
                                next,
                                known.paused(),
                                known.failures(),
                                known.running(),
                                known.last(),
                                known.lastStart()));
    }

    @Override
    public synchronized void remove(String image) {
        schedules.remove(image);
    }

    @Override
    public synchronized Optional<Build> start(
            String image, Run run, @Nullable Run next, BuildId build, Parameters parameters, Instant now) {
        var known = schedules.get(image);
        if (known == null || !run.equals(known.next()) || known.running() != null || known.paused() != null) {
            return Optional.empty();
        }
        schedules.put(image, new Schedule(known.declared(), next, null, known.failures(), build, build, now));
        audit.record(Schedule.REQUESTER, AuditAction.BUILD_ASKED, build.value(), run.details(image));
        return Optional.of(journal.create(build, parameters, Schedule.REQUESTER, now));
    }

    @Override
    public synchronized void ended(String image, BuildId build, int failures, Schedule.@Nullable Pause pause) {
        change(
                image,
                known -> build.equals(known.running())
                        ? new Schedule(
                                known.declared(),
                                known.next(),
                                known.paused() != null ? known.paused() : pause,
                                failures,
                                null,
                                known.last(),
                                known.lastStart())
                        : known);
    }

    @Override
    public synchronized void pause(String image, Schedule.Pause pause) {
        change(
                image,
                known -> known.paused() != null
                        ? known
                        : new Schedule(
                                known.declared(),
                                known.next(),
                                pause,
                                known.failures(),
                                known.running(),
                                known.last(),
                                known.lastStart()));
    }

    @Override
    public synchronized void resume(String image, @Nullable Run next) {
        change(
                image,
                known -> known.paused() == null
                        ? known
                        : new Schedule(
                                known.declared(), next, null, 0, known.running(), known.last(), known.lastStart()));
    }

    private void change(String image, UnaryOperator<Schedule> change) {
        schedules.computeIfPresent(image, (name, known) -> change.apply(known));
    }
}
