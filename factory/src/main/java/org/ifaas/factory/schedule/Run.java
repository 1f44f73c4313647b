package org.ifaas.factory.schedule;

import java.time.Instant;

/**
 * One run of a schedule.
 *
 * @param planned what cron says
 * @param start the same and its jitter
 */
public record Run(Instant planned, Instant start) {}
