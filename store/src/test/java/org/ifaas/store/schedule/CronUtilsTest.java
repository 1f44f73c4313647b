package org.ifaas.store.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ifaas.factory.schedule.Timing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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
    void whatRunsEachHourDoesSoInTheHourThatComesTwiceAndWhatNamesItsHourRunsOnce() {
        assertThat(next("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00Z", 6))
                .containsExactly(
                        "2026-10-25T00:00:00Z",
                        "2026-10-25T00:30:00Z",
                        "2026-10-25T01:00:00Z",
                        "2026-10-25T01:30:00Z",
                        "2026-10-25T02:00:00Z",
                        "2026-10-25T02:30:00Z");
        assertThat(next("15 0-6 * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 3))
                .containsExactly("2026-10-25T00:15:00Z", "2026-10-25T01:15:00Z", "2026-10-25T02:15:00Z");
        assertThat(next("0,30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 3))
                .containsExactly("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:00:00Z");
        assertThat(next("0 */2 * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 2))
                .containsExactly("2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z");
    }

    @Test
    void theHourBeforeMayBeOfAnotherDayOnWhichNothingRuns() {
        // In Havana, Sunday's first hour comes twice.
        assertThat(next("*/30 * * * SUN", "America/Havana", "2026-10-31T12:00:00Z", 5))
                .containsExactly(
                        "2026-11-01T04:00:00Z",
                        "2026-11-01T04:30:00Z",
                        "2026-11-01T05:00:00Z",
                        "2026-11-01T05:30:00Z",
                        "2026-11-01T06:00:00Z");
        assertThat(next("30 0 * * SUN", "America/Havana", "2026-10-31T12:00:00Z", 2))
                .containsExactly("2026-11-01T04:30:00Z", "2026-11-08T05:30:00Z");
    }

    /** By an hour and by half of one, at midnight and at night, in both hemispheres, and where winter is what is saved. */
    static Stream<Arguments> changesOfTheClock() {
        return Stream.of(
                        "Europe/Berlin",
                        "Europe/Dublin",
                        "Atlantic/Azores",
                        "America/New_York",
                        "America/Havana",
                        "America/Santiago",
                        "Africa/Casablanca",
                        "Asia/Beirut",
                        "Australia/Adelaide",
                        "Australia/Lord_Howe",
                        "Pacific/Chatham")
                .map(ZoneId::of)
                .flatMap(zone -> Stream.iterate(
                                zone.getRules().nextTransition(Instant.parse("2026-01-01T00:00:00Z")),
                                change -> zone.getRules().nextTransition(change.getInstant()))
                        .limit(4)
                        .map(change -> Arguments.of(zone, change)));
    }

    @ParameterizedTest
    @MethodSource("changesOfTheClock")
    void everyHalfHourIsHalfAnHourAfterTheOneBefore(ZoneId zone, ZoneOffsetTransition change) {
        var timing = new Timing("*/30 * * * *", zone, Duration.ZERO);
        var at = change.getInstant().minus(Duration.ofHours(5));
        at = cron.next(timing, at).orElseThrow();
        while (at.isBefore(change.getInstant().plus(Duration.ofHours(5)))) {
            var next = cron.next(timing, at).orElseThrow();
            assertThat(Duration.between(at, next))
                    .as("after " + at.atZone(zone))
                    .isEqualTo(Duration.ofMinutes(30));
            // Whatever it is asked after, the same run is the next.
            assertThat(cron.next(timing, at.plusSeconds(1))).contains(next);
            assertThat(cron.next(timing, next.minusNanos(1))).contains(next);
            at = next;
        }
    }

    @ParameterizedTest
    @MethodSource("changesOfTheClock")
    void everyDayHasOneRunWhateverItsHour(ZoneId zone, ZoneOffsetTransition change) {
        for (int slot = 0; slot < 48; slot++) {
            var timing = new Timing("%d %d * * *".formatted(slot % 2 * 30, slot / 2), zone, Duration.ZERO);
            var day = change.getDateTimeBefore().toLocalDate().minusDays(2);
            var at = day.atStartOfDay(zone).toInstant().minusNanos(1);
            for (int i = 0; i < 5; i++) {
                at = cron.next(timing, at).orElseThrow();
                assertThat(at.atZone(zone).toLocalDate())
                        .as("%s in %s".formatted(timing.cron(), zone))
                        .isEqualTo(day.plusDays(i));
            }
        }
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
