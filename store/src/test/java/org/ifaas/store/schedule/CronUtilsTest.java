package org.ifaas.store.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.schedule.Timing;
import org.junit.jupiter.api.Test;

class CronUtilsTest {
    private final CronUtils cron = new CronUtils();

    private List<String> next(String expression, String zone, String after, int runs) {
        var timing = new Timing(expression, ZoneId.of(zone), Duration.ZERO);
        var found = new ArrayList<String>();
        var at = Instant.parse(after);
        for (int i = 0; i < runs; i++) {
            at = cron.next(timing, at).orElseThrow();
            found.add(at.toString());
        }
        return found;
    }

    @Test
    void fiveFieldsAreReadAsCronReadsThem() {
        assertThat(next("30 3 * * MON", "UTC", "2026-11-22T10:00:00Z", 2))
                .containsExactly("2026-11-23T03:30:00Z", "2026-11-30T03:30:00Z");
    }

    @Test
    void theClockOfTheZoneIsMeantInSummerAndInWinter() {
        assertThat(next("0 5 * * *", "Europe/Berlin", "2026-10-24T00:00:00Z", 2))
                .containsExactly("2026-10-24T03:00:00Z", "2026-10-25T04:00:00Z");
    }

    @Test
    void anHourThatTheClockSkipsOrRepeatsMakesNoDayWithoutARunAndNoneWithTwo() {
        assertThat(next("30 2 * * *", "Europe/Berlin", "2027-03-26T12:00:00Z", 3))
                .containsExactly("2027-03-27T01:30:00Z", "2027-03-28T01:30:00Z", "2027-03-29T00:30:00Z");
        assertThat(next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(next("30 * * * *", "Europe/Berlin", "2027-03-27T23:45:00Z", 3))
                .containsExactly("2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z", "2027-03-28T02:30:00Z");
    }

    @Test
    void aDayThatNeverComesIsNoTime() {
        var timing = new Timing("0 0 31 2 *", ZoneId.of("UTC"), Duration.ZERO);
        assertThat(cron.next(timing, Instant.parse("2026-11-22T10:00:00Z"))).isEmpty();
    }

    @Test
    void whatIsNoCronExpressionIsRefused() {
        var timing = new Timing("whenever", ZoneId.of("UTC"), Duration.ZERO);
        assertThatThrownBy(() -> cron.next(timing, Instant.EPOCH)).isInstanceOf(IllegalArgumentException.class);
    }
}
