package org.ifaas.factory.notify;

import java.time.Duration;

/**
 * How hard the factory tries to be heard.
 *
 * @param retry after how long a delivery is tried again; doubled each time
 * @param slowestRetry the most that it is doubled to
 * @param giveUp after how long it is not tried any more
 * @param lease how long one try may take before another node may try it
 * @param logLines how many lines of a failed stage's log are told
 * @param hostKept how long a build host may be kept before that is told
 */
public record NotifyPolicy(
        Duration retry, Duration slowestRetry, Duration giveUp, Duration lease, int logLines, Duration hostKept) {
    public static NotifyPolicy defaults() {
        return new NotifyPolicy(
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                Duration.ofDays(5),
                Duration.ofMinutes(5),
                40,
                Duration.ofDays(1));
    }

    /** Before the try that follows this one. */
    Duration pause(int tries) {
        var pause = retry.multipliedBy(1L << Math.min(Math.max(tries - 1, 0), 20));
        return pause.compareTo(slowestRetry) < 0 ? pause : slowestRetry;
    }
}
