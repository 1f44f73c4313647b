package org.ifaas.store.queue;

import java.time.Duration;

/**
 * How soon a dead node's builds are handed on. The worst case is {@code heartbeat × (missed + 2) + polling}: a node is looked
 * for every second heartbeat.
 *
 * @param heartbeat how often a node says that it still carries its builds
 * @param missed after how many missed heartbeats it is taken for dead; 4 at least
 * @param polling how often a node looks for builds that others have queued
 * @param room how often a build that waits for room is looked at
 * @param node how long a build that is on a node's own machine waits for that node when it no longer carries it; then another
 *     begins it anew
 * @param retry after how long a build is handed on again when the factory, not the build, has failed; doubled each time
 * @param stop how long a stopping node waits for its builds to be let go
 */
public record QueuePolicy(
        Duration heartbeat, int missed, Duration polling, Duration room, Duration node, Duration retry, Duration stop) {
    public QueuePolicy {
        if (missed < 4) {
            throw new IllegalArgumentException("missed " + missed + ": 4 or more");
        }
    }

    /** 4 s × 6 + 1 s: within 30 s. */
    public static QueuePolicy defaults() {
        return new QueuePolicy(
                Duration.ofSeconds(4),
                4,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
    }

    /** The longest that a dead node's build waits for another node with a free place. */
    public Duration takeover() {
        return heartbeat.multipliedBy(missed + 2L).plus(polling);
    }
}
