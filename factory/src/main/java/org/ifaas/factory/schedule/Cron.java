package org.ifaas.factory.schedule;

import java.time.Instant;
import java.util.Optional;

/** Knows what a cron expression means. */
@FunctionalInterface
public interface Cron {
    /**
     * The first time after that instant; empty when there is none.
     *
     * @throws IllegalArgumentException when it is no cron expression
     */
    Optional<Instant> next(Timing timing, Instant after);
}
