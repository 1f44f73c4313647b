package org.ifaas.sources;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** What a schema can't say of a schedule. */
public final class CronRules {
    /** Any: what comes at all comes within the leap years' cycle. */
    private static final ZonedDateTime SOME_TIME = ZonedDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneId.of("UTC"));

    private CronRules() {}

    /** What is wrong with a cron expression; null when it is well. */
    public static @Nullable String wrong(String cron) {
        try {
            var parsed = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(cron);
            return ExecutionTime.forCron(parsed).nextExecution(SOME_TIME).isPresent() ? null : "never comes";
        } catch (IllegalArgumentException e) {
            return "is no cron expression: "
                    + Problem.shown(String.valueOf(e.getMessage()).replaceAll("\\s+", " "), 200);
        }
    }

    public static boolean isZone(String zone) {
        return ZoneId.getAvailableZoneIds().contains(zone);
    }

    /** Such as {@code 30m}, checked by the schema. */
    static Duration jitter(String text) {
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 'h' -> Duration.ofHours(number);
            case 'm' -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
