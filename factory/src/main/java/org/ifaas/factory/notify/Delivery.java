package org.ifaas.factory.notify;

import java.time.Instant;
import java.util.List;

/**
 * A notice on its way by one channel.
 *
 * @param tries how often it was tried, this time included
 * @param since when it was to be told first
 * @param rest whom it has not reached yet when it has reached others; empty when it is for all
 */
public record Delivery(Notice notice, String channel, int tries, Instant since, List<String> rest) {
    public Delivery {
        rest = List.copyOf(rest);
    }

    /** For all whom it concerns. */
    public Delivery(Notice notice, String channel, int tries, Instant since) {
        this(notice, channel, tries, since, List.of());
    }
}
