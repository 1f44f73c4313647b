package org.ifaas.store.schedule;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.ifaas.factory.schedule.Cron;
import org.ifaas.factory.schedule.Timing;

/**
 * Cron as db-scheduler has it, asked for what a clock on the wall shows. Asked in a time zone itself, it would leave out a
 * day on which the clock skips the run's time: here that run comes as much later as the clock was put forward. Where the clock is
 * put back, what runs each hour goes on doing so, and all else runs once.
 */
public final class CronUtils implements Cron {
    private static final Duration HOUR = Duration.ofHours(1);

    @Override
    public Optional<Instant> next(Timing timing, Instant after) {
        var wall = new Wall(timing.cron());
        return Stream.concat(first(wall, timing, after).stream(), again(wall, timing, after).stream())
                .min(Instant::compareTo);
    }

    /** Of the times that come twice, the first is meant. */
    private static Optional<Instant> first(Wall wall, Timing timing, Instant after) {
        var time = wall.after(LocalDateTime.ofInstant(after, timing.zone()));
        while (time.isPresent()) {
            var next = time.get().atZone(timing.zone()).toInstant();
            if (next.isAfter(after)) {
                return Optional.of(next);
            }
            time = wall.after(time.get());
        }
        return Optional.empty();
    }

    /** In the time that the clock shows again after it was put back, now or the next time. */
    private static Optional<Instant> again(Wall wall, Timing timing, Instant after) {
        var rules = timing.zone().getRules();
        return Stream.of(rules.previousTransition(after.plusNanos(1)), rules.nextTransition(after))
                .filter(Objects::nonNull)
                .filter(ZoneOffsetTransition::isOverlap)
                .flatMap(back -> wall.hourly(back.getDateTimeAfter(), back.getDateTimeBefore())
                        .map(time -> time.toInstant(back.getOffsetAfter())))
                .filter(time -> time.isAfter(after))
                .findFirst();
    }

    /** What a clock shows that is never changed. */
    private record Wall(String cron, CronSchedule schedule) {
        Wall(String cron) {
            this(cron, new CronSchedule(cron, ZoneOffset.UTC, CronStyle.UNIX));
        }

        /** The same times, of every day. */
        private Wall daily() {
            return new Wall(cron.strip().replaceFirst("^(\\S+\\s+\\S+)\\s.*", "$1 * * *"));
        }

        Optional<LocalDateTime> after(LocalDateTime time) {
            return Optional.of(schedule.getNextExecutionTime(
                            ExecutionComplete.simulatedSuccess(time.toInstant(ZoneOffset.UTC))))
                    .filter(CronSchedule.NEVER::isAfter)
                    .map(next -> LocalDateTime.ofInstant(next, ZoneOffset.UTC));
        }

        /** Those from one time on and before another whose minute comes in the hour before and in the hour after, too. */
        Stream<LocalDateTime> hourly(LocalDateTime from, LocalDateTime before) {
            var daily = daily();
            return Stream.iterate(
                            from(from),
                            time -> time.filter(before::isAfter).isPresent(),
                            time -> time.flatMap(this::after))
                    .flatMap(Optional::stream)
                    .filter(time -> daily.has(time.minus(HOUR)) && daily.has(time.plus(HOUR)));
        }

        private boolean has(LocalDateTime time) {
            return from(time).filter(time::equals).isPresent();
        }

        private Optional<LocalDateTime> from(LocalDateTime time) {
            return after(time.minusSeconds(1));
        }
    }
}
