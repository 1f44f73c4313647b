package org.ifaas.store.outbox;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.ifaas.factory.notify.Delivery;
import org.ifaas.factory.notify.Event;
import org.ifaas.factory.notify.Notice;
import org.ifaas.factory.notify.Outbox;
import org.ifaas.store.sql.Json;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Texts;
import org.ifaas.store.sql.Times;
import org.jspecify.annotations.Nullable;

/** The outbox in PostgreSQL. */
public final class PostgresOutbox implements Outbox {
    private final Sql sql;

    public PostgresOutbox(Sql sql) {
        this.sql = sql;
    }

    @Override
    public boolean add(Event event) {
        return sql.transaction(handle -> EventRows.add(handle, event));
    }

    @Override
    public List<Event> unsettled(int most) {
        return sql.query(
                handle -> handle.createQuery("select * from event where notice is null order by at, key limit ?")
                        .bind(0, most)
                        .map((row, context) -> EventRows.event(row))
                        .list());
    }

    @Override
    public void settle(Notice notice, Collection<String> channels, Instant now) {
        sql.write(handle -> {
            var settled = handle.createUpdate(
                            "update event set notice = :notice::jsonb where key = :key and notice is null")
                    .bind("notice", Json.write(notice))
                    .bind("key", notice.event().key())
                    .execute();
            if (settled == 0) {
                return;
            }
            for (var channel : channels) {
                handle.createUpdate("""
                        insert into delivery (event, channel, since, due, tries)
                        values (:event, :channel, :now, :now, 0)""")
                        .bind("event", notice.event().key())
                        .bind("channel", channel)
                        .bind("now", Times.stored(now))
                        .execute();
            }
        });
    }

    @Override
    public List<Delivery> claim(Collection<String> channels, Instant now, Instant until, int most) {
        return sql.transaction(handle -> handle.createQuery("""
                with claimed as (
                    update delivery d set tries = d.tries + 1, due = :until
                    from (select event, channel from delivery where due <= :now and channel = any(string_to_array(:channels, ','))
                        order by due, event, channel limit :most for update skip locked) as it
                    where d.event = it.event and d.channel = it.channel
                    returning d.event, d.channel, d.tries, d.since, d.rest
                )
                select c.channel, c.tries, c.since, c.rest, e.notice from claimed c join event e on e.key = c.event
                order by c.since, e.key, c.channel""")
                .bind("until", Times.stored(until))
                .bind("now", Times.stored(now))
                .bind("channels", String.join(",", channels))
                .bind("most", most)
                .map((row, context) -> new Delivery(
                        Json.read(row.getString("notice"), Notice.class),
                        row.getString("channel"),
                        row.getInt("tries"),
                        Times.of(row, "since"),
                        rest(row.getString("rest"))))
                .list());
    }

    private static List<String> rest(@Nullable String json) {
        return json == null ? List.of() : Json.readList(json, String.class);
    }

    @Override
    public void arrived(Delivery delivery, Instant now) {
        end(delivery, null, List.of(), null, now);
    }

    @Override
    public void putOff(Delivery delivery, String why, List<String> rest, Instant next) {
        end(delivery, why, rest, next, null);
    }

    @Override
    public void giveUp(Delivery delivery, String why, Instant now) {
        end(delivery, why, delivery.rest(), null, null);
    }

    /** A node that took too long is not heard: another one has tried since. */
    private void end(
            Delivery delivery,
            @Nullable String error,
            List<String> rest,
            @Nullable Instant due,
            @Nullable Instant arrived) {
        sql.write(handle -> handle.createUpdate("""
                        update delivery set due = :due, arrived = :arrived, error = :error, rest = :rest::jsonb
                        where event = :event and channel = :channel
                            and (tries = :tries or :arrived::timestamptz is not null)""")
                .bind("event", delivery.notice().event().key())
                .bind("channel", delivery.channel())
                .bind("tries", delivery.tries())
                .bind("error", Texts.storable(error))
                .bind("rest", rest.isEmpty() ? null : Json.write(rest))
                .bind("due", due == null ? null : Times.stored(due))
                .bind("arrived", arrived == null ? null : Times.stored(arrived))
                .execute());
    }
}
