package org.ifaas.mail;

import org.ifaas.factory.notify.EventKind;
import org.ifaas.factory.notify.Notice;

/** The part of a mail for readers of HTML. Nothing in it is fetched from anywhere. */
final class Html {
    private static final String FONT = "font-family:system-ui,-apple-system,'Segoe UI',sans-serif";
    private static final String CODE = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px";

    private Html() {}

    static String of(Notice notice) {
        var html = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(Plain.line(notice.title())))
                .append("</title></head>\n<body style=\"")
                .append(FONT)
                .append(";line-height:1.45\">\n<h1 style=\"font-size:20px;border-left:6px solid ")
                .append(colour(notice.event().kind()))
                .append(";padding-left:10px\">")
                .append(escaped(Plain.line(notice.title())))
                .append("</h1>\n<table style=\"border-collapse:collapse\">\n");
        for (var row : Row.of(notice)) {
            html.append("<tr><th scope=\"row\" style=\"text-align:left;vertical-align:top;padding:2px 16px 2px 0\">")
                    .append(escaped(row.label()))
                    .append("</th><td style=\"padding:2px 0;white-space:pre-wrap\">")
                    .append(escaped(row.value().strip()))
                    .append("</td></tr>\n");
        }
        html.append("</table>\n");
        log(notice, html);
        more(notice, html);
        return html.append("</body></html>\n").toString();
    }

    private static void log(Notice notice, StringBuilder html) {
        var failure = notice.failure();
        if (failure != null && !failure.lastLines().isEmpty()) {
            html.append("<h2 style=\"font-size:16px\">The last lines of the stage's log</h2>\n<pre style=\"")
                    .append(CODE)
                    .append(";border:1px solid #999;padding:8px;white-space:pre-wrap\">");
            failure.lastLines()
                    .forEach(line -> html.append(escaped(Plain.lines(line))).append('\n'));
            html.append("</pre>\n");
        }
    }

    private static void more(Notice notice, StringBuilder html) {
        html.append("<h2 style=\"font-size:16px\">More</h2>\n");
        var page = notice.page();
        if (page != null) {
            html.append("<p><a href=\"")
                    .append(escaped(page))
                    .append("\">")
                    .append(escaped(page))
                    .append("</a></p>\n");
        }
        html.append("<pre style=\"").append(CODE).append("\">");
        notice.commands().forEach(command -> html.append(escaped(command)).append('\n'));
        html.append("</pre>\n");
    }

    private static String colour(EventKind kind) {
        return switch (kind) {
            case FAILED, SCHEDULE_PAUSED -> "#b3261e";
            case FIXED, PUBLISHED -> "#1b7f3b";
            case WAITING_FOR_APPROVAL, HOST_KEPT_TOO_LONG -> "#9a6700";
        };
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
