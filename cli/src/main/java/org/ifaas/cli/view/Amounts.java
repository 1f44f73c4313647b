package org.ifaas.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times and sizes as people read them. */
public final class Amounts {
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private Amounts() {}

    /** {@code 0:05}, {@code 12:34}, {@code 1:02:03}, {@code 5d 02h}; never negative, clocks being what they are. */
    public static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds >= 100 * 3600) {
            return "%dd %02dh".formatted(seconds / 86400, seconds / 3600 % 24);
        }
        return seconds < 3600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** Time between two instants, the second being now when it is still open; empty when not begun. */
    public static String elapsed(@Nullable Instant from, @Nullable Instant to, Instant now) {
        return from == null ? "" : duration(Duration.between(from, to == null ? now : to));
    }

    public static String dayAndTime(@Nullable Instant instant, ZoneId zone) {
        return instant == null ? "" : DAY_AND_TIME.format(instant.atZone(zone));
    }

    public static String time(Instant instant, ZoneId zone) {
        return TIME.format(instant.atZone(zone));
    }

    /** Decimal units, as image sizes are usually named: {@code 356 MB}. */
    public static String size(long bytes) {
        var units = new String[] {"B", "kB", "MB", "GB", "TB"};
        double amount = bytes;
        int unit = 0;
        while (amount >= 999.5 && unit < units.length - 1) {
            amount /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || amount >= 9.95 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
    }
}
