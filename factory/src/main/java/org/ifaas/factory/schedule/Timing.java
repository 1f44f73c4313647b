package org.ifaas.factory.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.ifaas.factory.signing.Sha256;

/**
 * When an image is built.
 *
 * @param cron minute, hour, day of the month, month, day of the week
 * @param zone whose clock is meant; its daylight saving time is kept
 * @param jitter the most by which a run is late, so that not all begin in the same minute
 */
public record Timing(String cron, ZoneId zone, Duration jitter) {

    /** How late this run is: always the same, on every node. */
    public Duration lateness(String image, Instant planned) {
        long most = jitter.toSeconds();
        if (most <= 0) {
            return Duration.ZERO;
        }
        var digest = Sha256.of(image + " " + planned.getEpochSecond());
        return Duration.ofSeconds(Long.parseLong(digest.substring(0, 15), 16) % (most + 1));
    }
}
