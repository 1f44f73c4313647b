package org.ifaas.server.statistics;

import java.util.Locale;
import java.util.StringJoiner;
import org.ifaas.api.StatisticsView;

/** The figures of images and stages as RFC 4180 has tables: a row an image, with an empty stage, and a row a stage. */
public final class Csv {
    private Csv() {}

    public static String of(StatisticsView view) {
        var text = new StringBuilder();
        row(
                text,
                "image",
                "stage",
                "count",
                "failed",
                "success_rate",
                "p50_seconds",
                "p95_seconds",
                "wait_p50_seconds",
                "wait_p95_seconds");
        for (var image : view.images()) {
            row(
                    text,
                    image.image(),
                    "",
                    image.builds(),
                    image.failed(),
                    image.successRate(),
                    image.p50(),
                    image.p95(),
                    image.waitP50(),
                    image.waitP95());
        }
        for (var stage : view.stages()) {
            row(
                    text,
                    stage.image(),
                    stage.stage(),
                    stage.runs(),
                    stage.failed(),
                    stage.successRate(),
                    stage.p50(),
                    stage.p95(),
                    "",
                    "");
        }
        return text.toString();
    }

    private static void row(StringBuilder text, Object... values) {
        var row = new StringJoiner(",", "", "\r\n");
        for (var value : values) {
            row.add(
                    value instanceof Double number
                            ? String.format(Locale.ROOT, "%.3f", number)
                            : cell(value.toString()));
        }
        text.append(row);
    }

    /** Quoted where it has to be; what a spreadsheet would take for a formula is made a text. */
    static String cell(String value) {
        var safe = value.matches("[=+@\\-\\t\\r].*") ? "'" + value : value;
        return safe.matches("(?s).*[\",\\r\\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
    }
}
