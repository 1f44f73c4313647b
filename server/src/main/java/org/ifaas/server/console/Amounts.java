package org.ifaas.server.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times and sizes as people read them. */
public final class Amounts {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Amounts() {}

    /** Such as {@code 0:02} or {@code 1:02:03}. */
    public static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return seconds < 3600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    public static String duration(double seconds) {
        return seconds < 10 ? "%.1f s".formatted(seconds) : duration(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** In UTC, to the minute. */
    public static String time(@Nullable Instant time) {
        return time == null ? "" : MINUTE.format(time);
    }

    public static String exactTime(@Nullable Instant time) {
        return time == null ? "" : SECOND.format(time) + " UTC";
    }

    /** Such as {@code 3 h}, in one unit. */
    public static String roughly(Duration duration) {
        long minutes = Math.max(0, duration.toMinutes());
        if (minutes < 1) {
            return "less than a minute";
        }
        return minutes < 120 ? minutes + " min" : minutes < 48 * 60 ? minutes / 60 + " h" : minutes / 60 / 24 + " days";
    }

    /** Such as {@code 204 MB}. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double amount = bytes;
        var unit = 0;
        while (amount >= 999.5 && unit < 4) {
            amount /= 1000;
            unit++;
        }
        return (amount < 9.95 ? "%.1f %s" : "%.0f %s")
                .formatted(amount, new String[] {"B", "kB", "MB", "GB", "TB"}[unit]);
    }

    public static String percent(double share) {
        return "%.0f %%".formatted(share * 100);
    }
}
