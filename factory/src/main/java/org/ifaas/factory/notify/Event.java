package org.ifaas.factory.notify;

import java.time.Instant;
import org.ifaas.factory.pipeline.BuildId;
import org.jspecify.annotations.Nullable;

/**
 * Something that has happened, written down together with what made it true.
 *
 * @param key the same however often it is noticed, such as {@code failed/b9v8qs38/1}: one who hears it twice may drop the second
 * @param build null where no single build is meant
 * @param attempt of the build; 0 without one
 * @param detail a sentence about it that the journal does not have; null where there is none
 */
public record Event(
        String key,
        EventKind kind,
        String image,
        @Nullable BuildId build,
        int attempt,
        Instant at,
        @Nullable String detail) {

    /** The end of an attempt, good or bad. */
    public static Event ended(EventKind kind, String image, BuildId build, int attempt, Instant at) {
        return new Event(kind.slug() + "/" + build + "/" + attempt, kind, image, build, attempt, at, null);
    }

    /** What happens to a build's release once. */
    public static Event once(EventKind kind, String image, BuildId build, Instant at) {
        return new Event(kind.slug() + "/" + build, kind, image, build, 0, at, null);
    }

    /**
     * A release of which a retry has made something else waits for an approval anew.
     *
     * @param what it is now, as a digest
     */
    public static Event waitsAgain(String image, BuildId build, String what, Instant at, String detail) {
        var kind = EventKind.WAITING_FOR_APPROVAL;
        return new Event(kind.slug() + "/" + build + "/" + what, kind, image, build, 0, at, detail);
    }

    public static Event hostKept(String host, String image, BuildId build, Instant at, String detail) {
        var kind = EventKind.HOST_KEPT_TOO_LONG;
        return new Event(kind.slug() + "/" + host, kind, image, build, 0, at, detail);
    }

    /** @param last the build that was one failure too many */
    public static Event schedulePaused(String image, BuildId last, Instant at, String detail) {
        var kind = EventKind.SCHEDULE_PAUSED;
        return new Event(kind.slug() + "/" + image + "/" + last, kind, image, last, 0, at, detail);
    }
}
