package org.ifaas.factory.notify;

import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * What is to be told and has not arrived yet, durable. The journal and the publication requests write their events into it
 * themselves, in the transaction that makes them true; everything else is added by whoever notices it.
 */
public interface Outbox {
    /** Writes an event down; one whose key is known stays as it is. Says whether it is new. */
    boolean add(Event event);

    /** Events for which it is not settled yet who hears them, oldest first. */
    List<Event> unsettled(int most);

    /** Settles what is told and by which channels; from now on these deliveries are due. No effect on a settled event. */
    void settle(Notice notice, Collection<String> channels, Instant now);

    /**
     * The deliveries by these channels that are due, oldest first. Each counts as tried, and no other node gets it before
     * {@code until}.
     */
    List<Delivery> claim(Collection<String> channels, Instant now, Instant until, int most);

    void arrived(Delivery delivery, Instant now);

    /**
     * It did not get through, and is due again at {@code next}.
     *
     * @param rest for whom alone; empty when for all
     */
    void putOff(Delivery delivery, String why, List<String> rest, Instant next);

    /** It did not get through and is not tried any more. */
    void giveUp(Delivery delivery, String why, Instant now);
}
