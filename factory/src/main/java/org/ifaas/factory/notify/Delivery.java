package org.ifaas.factory.notify;

import java.time.Instant;

/**
 * A notice on its way by one channel.
 *
 * @param tries how often it was tried, this time included
 * @param since when it was to be told first
 */
public record Delivery(Notice notice, String channel, int tries, Instant since) {}
