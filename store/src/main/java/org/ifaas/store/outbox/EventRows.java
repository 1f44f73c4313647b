package org.ifaas.store.outbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.ifaas.factory.notify.Event;
import org.ifaas.factory.notify.EventKind;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.schedule.Schedule;
import org.ifaas.store.sql.Texts;
import org.ifaas.store.sql.Times;
import org.jdbi.v3.core.Handle;

/** Events, for whoever writes them within a transaction of its own. */
public final class EventRows {
    private EventRows() {}

    /** Says whether it is new. */
    public static boolean add(Handle transaction, Event event) {
        return transaction
                        .createUpdate("""
                insert into event (key, kind, image, build, attempt, at, detail)
                values (:key, :kind, :image, :build, :attempt, :at, :detail)
                on conflict do nothing""")
                        .bind("key", event.key())
                        .bind("kind", event.kind().name())
                        .bind("image", Texts.storable(event.image()))
                        .bind(
                                "build",
                                event.build() == null ? null : event.build().value())
                        .bind("attempt", event.attempt())
                        .bind("at", Times.stored(event.at()))
                        .bind("detail", Texts.storable(event.detail()))
                        .execute()
                == 1;
    }

    /**
     * The news in the end of a build: that it failed or is partial, or that its image, heard of as failed, is good again. What
     * is no build says nothing of how its image is, and is news to nobody but who waits for it; so is a request that could not be
     * met, unless it was a schedule's.
     */
    public static void ended(Handle transaction, Build build, Instant now) {
        if (build.parameters().kind() != Kind.BUILD || isTheRequesters(transaction, build)) {
            return;
        }
        var image = build.parameters().image();
        if (build.state() == BuildState.FAILED || build.state() == BuildState.PARTIAL) {
            add(transaction, Event.ended(EventKind.FAILED, image, build.id(), build.attempt(), now));
        } else if (build.state().good() && hadFailed(transaction, image)) {
            add(transaction, Event.ended(EventKind.FIXED, image, build.id(), build.attempt(), now));
        }
    }

    private static boolean isTheRequesters(Handle transaction, Build build) {
        return build.state() == BuildState.FAILED
                && !build.requester().equals(Schedule.REQUESTER)
                && transaction
                        .createQuery(
                                "select 1 from stage_run where build = ? and attempt = ? and blame = 'REQUEST' limit 1")
                        .bind(0, build.id().value())
                        .bind(1, build.attempt())
                        .mapTo(Integer.class)
                        .findOne()
                        .isPresent();
    }

    private static boolean hadFailed(Handle transaction, String image) {
        return transaction
                .createQuery("""
                        select kind from event where image = ? and kind in ('FAILED', 'FIXED')
                        order by at desc limit 1""")
                .bind(0, image)
                .mapTo(String.class)
                .findOne()
                .filter(EventKind.FAILED.name()::equals)
                .isPresent();
    }

    static Event event(ResultSet row) throws SQLException {
        var build = row.getString("build");
        return new Event(
                row.getString("key"),
                EventKind.valueOf(row.getString("kind")),
                row.getString("image"),
                build == null ? null : new BuildId(build),
                row.getInt("attempt"),
                Times.of(row, "at"),
                row.getString("detail"));
    }
}
