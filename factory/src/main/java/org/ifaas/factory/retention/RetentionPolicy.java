package org.ifaas.factory.retention;

import java.time.Duration;

/**
 * How long what was not published stays, counted from the end of its build.
 *
 * @param enabled false removes nothing; what would go is told all the same
 * @param logs of all stages
 * @param failed artifacts of builds that failed or were cancelled
 * @param unpublished artifacts of all others: releases that were never public
 * @param keep so many newest releases of each image stay, however old
 * @param round the most builds of which one round removes something
 */
public record RetentionPolicy(
        boolean enabled, Duration logs, Duration failed, Duration unpublished, int keep, int round) {
    public static RetentionPolicy defaults() {
        return new RetentionPolicy(true, Duration.ofDays(90), Duration.ofDays(14), Duration.ofDays(30), 3, 100);
    }
}
