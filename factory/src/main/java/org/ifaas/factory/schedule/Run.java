package org.ifaas.factory.schedule;

import java.time.Instant;
import java.util.Map;

/**
 * One run of a schedule.
 *
 * @param planned what cron says
 * @param start the same and its jitter
 */
public record Run(Instant planned, Instant start) {
    /** What the audit log says of the build that it asks for. */
    public Map<String, String> details(String image) {
        return Map.of("image", image, "planned", planned.toString());
    }
}
