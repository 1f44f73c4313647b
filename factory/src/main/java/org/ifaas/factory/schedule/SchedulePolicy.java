package org.ifaas.factory.schedule;

import java.time.Duration;

/**
 * @param failures how many failed builds in a row pause a schedule
 * @param ahead how far ahead its runs are listed
 */
public record SchedulePolicy(int failures, Duration ahead) {
    public static SchedulePolicy defaults() {
        return new SchedulePolicy(3, Duration.ofDays(7));
    }
}
