package org.ifaas.factory.notify;

import java.util.List;

/** A way by which notices reach somebody: mail, a webhook. */
public interface Channel {
    /** By which the outbox remembers what went this way; the same after a restart. */
    String name();

    /** Whether this notice goes this way at all. */
    default boolean takes(Notice notice) {
        return true;
    }

    /**
     * Tells it. May be called again for a notice that has arrived, when the factory died before it could write that down; so
     * what is sent carries the event's key, by which a receiver knows it again.
     */
    void tell(Notice notice) throws NotDelivered, InterruptedException;

    /**
     * Tells it to those alone whom it has not reached yet, when it has reached others.
     *
     * @param rest what {@link NotDelivered} said
     */
    default void tell(Notice notice, List<String> rest) throws NotDelivered, InterruptedException {
        tell(notice);
    }
}
