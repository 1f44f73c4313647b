package org.ifaas.store.schedule;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.ifaas.factory.schedule.Cron;
import org.ifaas.factory.schedule.Timing;

/**
 * Cron as db-scheduler has it, asked for what a clock on the wall shows. Asked in a time zone itself, it would leave out a
 * day on which the clock skips the run's time: here that run comes as much later as the clock was put forward.
 */
public final class CronUtils implements Cron {
    @Override
    public Optional<Instant> next(Timing timing, Instant after) {
        var schedule = new CronSchedule(timing.cron(), ZoneOffset.UTC, CronStyle.UNIX);
        var wall = LocalDateTime.ofInstant(after, timing.zone()).toInstant(ZoneOffset.UTC);
        while (true) {
            wall = schedule.getNextExecutionTime(ExecutionComplete.simulatedSuccess(wall));
            if (!wall.isBefore(CronSchedule.NEVER)) {
                return Optional.empty();
            }
            var next = LocalDateTime.ofInstant(wall, ZoneOffset.UTC)
                    .atZone(timing.zone())
                    .toInstant();
            // The clock was put back: this one has been.
            if (next.isAfter(after)) {
                return Optional.of(next);
            }
        }
    }
}
