package org.ifaas.factory.schedule;

import java.time.Instant;
import org.ifaas.factory.pipeline.BuildId;
import org.jspecify.annotations.Nullable;

/**
 * A schedule and how it stands; an image has one at most.
 *
 * @param next null when cron names no further time
 * @param paused who paused it and why; null while it is not
 * @param failures how many of its builds in a row have failed
 * @param running a build of its own that had not ended when that was last looked at
 * @param last the newest build of its own
 * @param lastStart when that was started
 */
public record Schedule(
        Declared declared,
        @Nullable Run next,
        @Nullable Pause paused,
        int failures,
        @Nullable BuildId running,
        @Nullable BuildId last,
        @Nullable Instant lastStart) {

    /** Requester of the builds that it starts. */
    public static final String REQUESTER = "schedule";

    /** @param by a person, or {@code schedule} itself after too many failures */
    public record Pause(String by, Instant at, String reason) {}

    public String image() {
        return declared.image();
    }

    /** Whether a run has to begin now. A build of its own that goes on is waited for. */
    public boolean due(Instant now) {
        return paused == null
                && running == null
                && next != null
                && !next.start().isAfter(now);
    }
}
