package org.ifaas.factory.retention;

import java.time.Instant;
import java.util.List;
import org.ifaas.factory.pipeline.BuildId;

/**
 * Builds that have ended and of which something is over its time, the one that ended first first. Never among them are builds
 * that have been published, in one region at least, or whose publication is asked for or approved; the newest releases of each
 * image and the last good one; builds whose host is kept; and those of an image of which a test or a signature anew is under way.
 */
public interface Outdated {
    /** Those that have logs, or whose logs have begun to go. */
    List<BuildId> logs(RetentionPolicy policy, Instant now, int limit);

    /** Whether a build is among them. */
    boolean areLogsOver(BuildId build, RetentionPolicy policy, Instant now);

    /** Those of which no artifacts have been removed since they ended. */
    List<BuildId> artifacts(RetentionPolicy policy, Instant now, int limit);

    /** Whether a build is among them. */
    boolean areArtifactsOver(BuildId build, RetentionPolicy policy, Instant now);
}
