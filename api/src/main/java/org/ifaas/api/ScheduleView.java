package org.ifaas.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/schedules}, {@code POST /api/v1/schedules/{image}/pause}, {@code …/resume}.
 *
 * @param cron minute, hour, day of the month, month, day of the week
 * @param jitterSeconds the most by which a run is late
 * @param source {@code ifaas.yaml}, or the repository of the definition
 * @param state ACTIVE or PAUSED
 * @param pausedBy {@code schedule} after too many failures
 * @param failures how many of its builds in a row have failed
 * @param next when the next build starts; null while it is paused, or when there is no further time
 * @param runs when builds start within the next week
 */
public record ScheduleView(
        String image,
        String cron,
        String zone,
        long jitterSeconds,
        String source,
        String state,
        @Nullable String pausedBy,
        @Nullable Instant paused,
        @Nullable String reason,
        int failures,
        @Nullable String lastBuild,
        @Nullable Instant lastStart,
        @Nullable Instant next,
        List<Instant> runs) {}
