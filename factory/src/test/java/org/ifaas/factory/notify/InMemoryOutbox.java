package org.ifaas.factory.notify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An outbox for tests that need no database. */
public class InMemoryOutbox implements Outbox {
    private final Map<String, Event> events = new LinkedHashMap<>();
    private final Map<String, Notice> notices = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();

    private static final class Row {
        private Delivery delivery;
        private @Nullable Instant due;

        private Row(Delivery delivery, Instant due) {
            this.delivery = delivery;
            this.due = due;
        }
    }

    @Override
    public synchronized boolean add(Event event) {
        return events.putIfAbsent(event.key(), event) == null;
    }

    @Override
    public synchronized List<Event> unsettled(int most) {
        return events.values().stream()
                .filter(event -> !notices.containsKey(event.key()))
                .sorted(Comparator.comparing(Event::at).thenComparing(Event::key))
                .limit(most)
                .toList();
    }

    @Override
    public synchronized void settle(Notice notice, Collection<String> channels, Instant now) {
        if (notices.putIfAbsent(notice.event().key(), notice) == null) {
            channels.forEach(channel -> rows.add(new Row(new Delivery(notice, channel, 0, now), now)));
        }
    }

    @Override
    public synchronized List<Delivery> claim(Collection<String> channels, Instant now, Instant until, int most) {
        var claimed = new ArrayList<Delivery>();
        for (var row : rows) {
            var due = row.due;
            if (claimed.size() < most
                    && due != null
                    && !due.isAfter(now)
                    && channels.contains(row.delivery.channel())) {
                row.due = until;
                row.delivery = new Delivery(
                        row.delivery.notice(),
                        row.delivery.channel(),
                        row.delivery.tries() + 1,
                        row.delivery.since(),
                        row.delivery.rest());
                claimed.add(row.delivery);
            }
        }
        return claimed;
    }

    @Override
    public synchronized void arrived(Delivery delivery, Instant now) {
        due(delivery, null, true);
    }

    @Override
    public synchronized void putOff(Delivery delivery, String why, List<String> rest, Instant next) {
        rows.stream().filter(row -> row.delivery.equals(delivery)).findFirst().ifPresent(row -> {
            row.due = next;
            row.delivery =
                    new Delivery(delivery.notice(), delivery.channel(), delivery.tries(), delivery.since(), rest);
        });
    }

    @Override
    public synchronized void giveUp(Delivery delivery, String why, Instant now) {
        due(delivery, null, false);
    }

    private void due(Delivery delivery, @Nullable Instant due, boolean whateverTheTry) {
        for (var row : rows) {
            if (row.delivery.equals(delivery)
                    || whateverTheTry
                            && row.delivery.notice().equals(delivery.notice())
                            && row.delivery.channel().equals(delivery.channel())) {
                row.due = due;
            }
        }
    }
}
