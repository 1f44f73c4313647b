package org.ifaas.factory.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Parameters;
import org.jspecify.annotations.Nullable;

/** The durable schedules. */
public interface Schedules {
    /** By image. */
    List<Schedule> all();

    Optional<Schedule> find(String image);

    /** Adds a schedule, or changes when it runs and where it is written; a pause and the failures stay. */
    void put(Declared declared, @Nullable Run next);

    void remove(String image);

    /**
     * Creates a build of the schedule with its entry in the audit log, and moves on to its next run, all or nothing.
     *
     * @param run that is due; when it is no longer the next one, another node has started it and nothing happens
     */
    Optional<Build> start(String image, Run run, @Nullable Run next, BuildId build, Parameters parameters, Instant now);

    /**
     * Notes how a build of it has ended; no effect when that was noted already.
     *
     * @param failures in a row, this one included
     * @param pause when that is too many; it is an event, too
     */
    void ended(String image, BuildId build, int failures, Schedule.@Nullable Pause pause);

    /** Starts nothing until it is resumed; no effect on one that is paused. */
    void pause(String image, Schedule.Pause pause);

    /** Starts builds again, from that run on and with no failure. */
    void resume(String image, @Nullable Run next);
}
