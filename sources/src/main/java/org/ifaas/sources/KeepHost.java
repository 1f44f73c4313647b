package org.ifaas.sources;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How long a build host is kept: {@code 4h}, {@code 1d12h}, or ISO-8601. */
public final class KeepHost {
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(7);

    private KeepHost() {}

    /** Null when it is no duration, or out of bounds. */
    public static @Nullable Duration parse(String text) {
        try {
            var duration = Duration.parse(iso(text));
            return duration.compareTo(LEAST) < 0 || duration.compareTo(MOST) > 0 ? null : duration;
        } catch (DateTimeParseException | ArithmeticException e) {
            return null;
        }
    }

    private static String iso(String text) {
        if (text.startsWith("P")) {
            return text;
        }
        var upper = text.toUpperCase(Locale.ROOT);
        int day = upper.indexOf('D');
        var time = upper.substring(day + 1);
        return "P" + upper.substring(0, day + 1) + (time.isEmpty() ? "" : "T" + time);
    }
}
