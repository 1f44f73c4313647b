package org.ifaas.mail;

import org.ifaas.factory.notify.Notice;

/** The part of a mail for readers of plain text. */
final class PlainText {
    private PlainText() {}

    static String of(Notice notice) {
        var text = new StringBuilder(Plain.line(notice.title())).append("\n\n");
        for (var row : Row.of(notice)) {
            text.append("%-14s".formatted(row.label()))
                    .append(row.value().strip().replace("\n", "\n" + " ".repeat(14)))
                    .append('\n');
        }
        var failure = notice.failure();
        if (failure != null && !failure.lastLines().isEmpty()) {
            text.append("\nThe last lines of the stage's log:\n\n");
            failure.lastLines()
                    .forEach(line -> text.append("  ").append(Plain.lines(line)).append('\n'));
        }
        text.append("\nMore:\n");
        if (notice.page() != null) {
            text.append("  ").append(notice.page()).append('\n');
        }
        notice.commands().forEach(command -> text.append("  ").append(command).append('\n'));
        return text.toString();
    }
}
