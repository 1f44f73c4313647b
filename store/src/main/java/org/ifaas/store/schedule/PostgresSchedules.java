package org.ifaas.store.schedule;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.notify.Event;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.schedule.Declared;
import org.ifaas.factory.schedule.Run;
import org.ifaas.factory.schedule.Schedule;
import org.ifaas.factory.schedule.Schedules;
import org.ifaas.factory.schedule.Timing;
import org.ifaas.store.audit.AuditRows;
import org.ifaas.store.journal.PostgresJournal;
import org.ifaas.store.outbox.EventRows;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Texts;
import org.ifaas.store.sql.Times;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The schedules in PostgreSQL. */
public final class PostgresSchedules implements Schedules {
    private final Sql sql;

    public PostgresSchedules(Sql sql) {
        this.sql = sql;
    }

    @Override
    public List<Schedule> all() {
        return sql.query(handle -> handle.createQuery("select * from schedule order by image")
                .map((row, context) -> schedule(row))
                .list());
    }

    @Override
    public Optional<Schedule> find(String image) {
        return sql.query(handle -> handle.createQuery("select * from schedule where image = ?")
                .bind(0, image)
                .map((row, context) -> schedule(row))
                .findOne());
    }

    @Override
    public void put(Declared declared, @Nullable Run next) {
        sql.write(handle -> handle.createUpdate("""
                        insert into schedule (image, cron, zone, jitter_seconds, source, planned, next, failures)
                        values (:image, :cron, :zone, :jitter, :source, :planned, :next, 0)
                        on conflict (image) do update set cron = excluded.cron, zone = excluded.zone,
                            jitter_seconds = excluded.jitter_seconds, source = excluded.source,
                            planned = excluded.planned, next = excluded.next""")
                .bind("image", declared.image())
                .bind("cron", declared.timing().cron())
                .bind("zone", declared.timing().zone().getId())
                .bind("jitter", declared.timing().jitter().toSeconds())
                .bind("source", declared.source())
                .bind("planned", planned(next))
                .bind("next", start(next))
                .execute());
    }

    @Override
    public void remove(String image) {
        sql.write(handle -> handle.createUpdate("delete from schedule where image = ?")
                .bind(0, image)
                .execute());
    }

    @Override
    public Optional<Build> start(
            String image, Run run, @Nullable Run next, BuildId build, Parameters parameters, Instant now) {
        return sql.transaction(handle -> {
            int started = handle.createUpdate("""
                            update schedule set planned = :planned, next = :next, running = :build, last = :build,
                                last_start = :now
                            where image = :image and next = :run and running is null and paused is null""")
                    .bind("planned", planned(next))
                    .bind("next", start(next))
                    .bind("build", build.value())
                    .bind("now", Times.stored(now))
                    .bind("image", image)
                    .bind("run", start(run))
                    .execute();
            if (started == 0) {
                return Optional.<Build>empty();
            }
            var created = PostgresJournal.create(handle, build, parameters, Schedule.REQUESTER, now);
            // At the end, for all nodes wait for each other there.
            AuditRows.add(
                    handle,
                    () -> now,
                    List.of(new AuditRows.Decision(
                            Schedule.REQUESTER, AuditAction.BUILD_ASKED.slug(), build.value(), run.details(image))));
            return Optional.of(created);
        });
    }

    @Override
    public void ended(String image, BuildId build, int failures, Schedule.@Nullable Pause pause) {
        sql.write(handle -> {
            int noted = handle.createUpdate("""
                            update schedule set running = null, failures = :failures
                            where image = :image and running = :build""")
                    .bind("failures", failures)
                    .bind("image", image)
                    .bind("build", build.value())
                    .execute();
            if (noted == 1 && pause != null) {
                pause(handle, image, pause);
                EventRows.add(handle, Event.schedulePaused(image, build, pause.at(), pause.reason()));
            }
        });
    }

    @Override
    public void pause(String image, Schedule.Pause pause) {
        sql.write(handle -> pause(handle, image, pause));
    }

    private static void pause(Handle handle, String image, Schedule.Pause pause) {
        handle.createUpdate("""
                update schedule set paused = :at, paused_by = :by, reason = :reason
                where image = :image and paused is null""")
                .bind("at", Times.stored(pause.at()))
                .bind("by", Texts.storable(pause.by()))
                .bind("reason", Texts.storable(pause.reason()))
                .bind("image", image)
                .execute();
    }

    @Override
    public void resume(String image, @Nullable Run next) {
        sql.write(handle -> handle.createUpdate("""
                        update schedule set paused = null, paused_by = null, reason = null, failures = 0,
                            planned = :planned, next = :next
                        where image = :image and paused is not null""")
                .bind("planned", planned(next))
                .bind("next", start(next))
                .bind("image", image)
                .execute());
    }

    private static @Nullable Instant planned(@Nullable Run run) {
        return run == null ? null : Times.stored(run.planned());
    }

    private static @Nullable Instant start(@Nullable Run run) {
        return run == null ? null : Times.stored(run.start());
    }

    private static Schedule schedule(ResultSet row) throws SQLException {
        var planned = Times.orNull(row, "planned");
        var next = Times.orNull(row, "next");
        var paused = Times.orNull(row, "paused");
        return new Schedule(
                new Declared(
                        row.getString("image"),
                        new Timing(
                                row.getString("cron"),
                                ZoneId.of(row.getString("zone")),
                                Duration.ofSeconds(row.getLong("jitter_seconds"))),
                        row.getString("source")),
                planned == null || next == null ? null : new Run(planned, next),
                paused == null ? null : new Schedule.Pause(row.getString("paused_by"), paused, row.getString("reason")),
                row.getInt("failures"),
                build(row.getString("running")),
                build(row.getString("last")),
                Times.orNull(row, "last_start"));
    }

    private static @Nullable BuildId build(@Nullable String id) {
        return id == null ? null : new BuildId(id);
    }
}
