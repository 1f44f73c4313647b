package org.ifaas.factory.fact;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Retention: the build's release, its other files but the logs, and its private images are gone.
 *
 * @param done when nothing of it was left; null until then
 * @param why the policy by which it goes
 */
public record ArtifactsRemoved(Instant decided, @Nullable Instant done, int files, long bytes, String why)
        implements Removed {
    /** The same, with nothing left of it at that time. */
    public ArtifactsRemoved done(Instant at) {
        return new ArtifactsRemoved(decided, at, files, bytes, why);
    }
}
