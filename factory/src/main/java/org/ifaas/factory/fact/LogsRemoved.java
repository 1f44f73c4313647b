package org.ifaas.factory.fact;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Retention: the logs of the build's stages are gone.
 *
 * @param files logs
 * @param done when nothing of it was left; null until then
 * @param why the policy by which it goes
 */
public record LogsRemoved(Instant decided, @Nullable Instant done, int files, long bytes, String why)
        implements Removed {
    /** The same, with nothing left of it at that time. */
    public LogsRemoved done(Instant at) {
        return new LogsRemoved(decided, at, files, bytes, why);
    }
}
