package org.ifaas.factory.notify;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what is in the outbox to those whom it concerns, again and again until it has arrived. Each channel has rounds of its
 * own: a server that does not answer keeps waiting only what goes to it.
 */
public final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final int AT_ONCE = 50;

    private final Outbox outbox;
    private final Notices notices;
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private final NotifyPolicy policy;
    private final InstantSource clock;
    /** What has arrived while the database was away: written down before anything else is sent. */
    private final Queue<Delivery> arrived = new ConcurrentLinkedQueue<>();

    public Deliveries(
            Outbox outbox, Notices notices, List<Channel> channels, NotifyPolicy policy, InstantSource clock) {
        this.outbox = outbox;
        this.notices = notices;
        channels.forEach(channel -> this.channels.put(channel.name(), channel));
        this.policy = policy;
        this.clock = clock;
    }

    /** By which ways there is something to be told. */
    public Set<String> channels() {
        return Collections.unmodifiableSet(channels.keySet());
    }

    /** One round of a channel; called again and again. */
    public void round(String channel) throws InterruptedException {
        noteArrived();
        for (var event : outbox.unsettled(AT_ONCE)) {
            settle(event);
        }
        // One by one: what is claimed and waits behind a slow server would be claimed by another node meanwhile.
        for (int i = 0; i < AT_ONCE; i++) {
            var now = clock.instant();
            var due = outbox.claim(List.of(channel), now, now.plus(policy.lease()), 1);
            if (due.isEmpty()) {
                return;
            }
            deliver(due.getFirst());
        }
    }

    private void settle(Event event) throws InterruptedException {
        var notice = notices.of(event);
        var ways = channels.values().stream()
                .filter(channel -> channel.takes(notice))
                .map(Channel::name)
                .toList();
        if (ways.isEmpty()) {
            LOG.info("{}: nobody hears of it, neither an owner nor a webhook is known", event.key());
        }
        outbox.settle(notice, ways, clock.instant());
    }

    private void deliver(Delivery delivery) throws InterruptedException {
        var channel = channels.get(delivery.channel());
        if (channel == null) {
            return;
        }
        var key = delivery.notice().event().key();
        try {
            if (delivery.rest().isEmpty()) {
                channel.tell(delivery.notice());
            } else {
                channel.tell(delivery.notice(), delivery.rest());
            }
        } catch (NotDelivered e) {
            later(delivery, String.valueOf(e.getMessage()), e.rest().isEmpty() ? delivery.rest() : e.rest());
            return;
        } catch (RuntimeException e) {
            LOG.warn("{} by {}", key, delivery.channel(), e);
            later(delivery, "the factory failed: " + e, delivery.rest());
            return;
        }
        LOG.info("{}: told by {}", key, delivery.channel());
        arrived.add(delivery);
        noteArrived();
    }

    private void noteArrived() {
        for (var delivery = arrived.peek(); delivery != null; delivery = arrived.peek()) {
            outbox.arrived(delivery, clock.instant());
            arrived.remove(delivery);
        }
    }

    private void later(Delivery delivery, String why, List<String> rest) {
        var key = delivery.notice().event().key();
        var now = clock.instant();
        if (tooOld(delivery, now)) {
            LOG.error("{} by {}: given up after {} tries: {}", key, delivery.channel(), delivery.tries(), why);
            outbox.giveUp(delivery, why, now);
        } else {
            var pause = policy.pause(delivery.tries());
            LOG.warn("{} by {}: {}; tried again in {} s", key, delivery.channel(), why, pause.toSeconds());
            outbox.putOff(delivery, why, rest, now.plus(pause));
        }
    }

    private boolean tooOld(Delivery delivery, Instant now) {
        return delivery.since().plus(policy.giveUp()).isBefore(now);
    }
}
