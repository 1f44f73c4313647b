package org.ifaas.mail;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.ifaas.factory.notify.Notice;
import org.ifaas.factory.pipeline.Blame;
import org.jspecify.annotations.Nullable;

/** One thing that a mail says of its event, under a label; in no markup yet. */
record Row(String label, String value) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    static List<Row> of(Notice notice) {
        var rows = new ArrayList<Row>();
        var event = notice.event();
        add(rows, "Image", event.image());
        add(
                rows,
                "Build",
                event.build() == null
                        ? null
                        : event.build() + (event.attempt() > 1 ? ", attempt " + event.attempt() : ""));
        add(rows, "Serial", notice.serial());
        add(rows, "When", TIME.format(event.at()));
        add(rows, "Asked for by", notice.requester());
        add(rows, "Approved by", notice.by());
        var failure = notice.failure();
        if (failure != null) {
            add(rows, "Stage", failure.stage().number() + " " + failure.stage().title());
            add(rows, "To blame", blamed(failure.blame()));
            add(rows, "What happened", failure.message());
            add(rows, "What to do", failure.mend());
        }
        if (failure == null || event.detail() != null) {
            add(rows, "Why", notice.reason());
        }
        notice.images().forEach(image -> add(rows, "In region", image));
        return rows;
    }

    private static void add(List<Row> rows, String label, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            rows.add(new Row(label, Plain.lines(value)));
        }
    }

    private static String blamed(Blame blame) {
        return switch (blame) {
            case REQUEST -> "what was asked for";
            case IMAGE -> "the image definition";
            case HOST -> "the build host";
            case CLOUD -> "the cloud";
            case FACTORY -> "the factory";
        };
    }
}
