package org.ifaas.factory.stage;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.source.MirrorState;

/** The dates that a build's things are named by. */
final class Dates {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);

    private Dates() {}

    static String serial(StageContext build) {
        var suffix = build.parameters().serialSuffix();
        return DATE.format(build.build().requested()) + "-" + build.id() + (suffix == null ? "" : "-" + suffix);
    }

    /** The newest state of the mirrors; for a definition without any, the start of the year 2000: the same every time. */
    static Instant sourceDate(List<MirrorState> states, Instant requested) {
        return states.stream()
                .map(MirrorState::date)
                .filter(date -> date.isBefore(requested))
                .max(Instant::compareTo)
                .orElse(Instant.parse("2000-01-01T00:00:00Z"));
    }
}
