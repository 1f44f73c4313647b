package org.ifaas.server.statistics;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ifaas.api.StatisticsView;
import org.jspecify.annotations.Nullable;

/**
 * The figures as RFC 4180 has tables. A row is about an image, one of its stages, one of its weeks, who was to blame for a stage,
 * the build hosts of a week, or a stage's week: what a row is not about is empty.
 */
public final class Csv {
    private static final List<String> COLUMNS = List.of(
            "image",
            "stage",
            "count",
            "failed",
            "success_rate",
            "p50_seconds",
            "p95_seconds",
            "wait_p50_seconds",
            "wait_p95_seconds",
            "good",
            "slowest_stage",
            "week",
            "blame",
            "host",
            "host_hours");

    private Csv() {}

    public static String of(StatisticsView view) {
        var text = new StringBuilder();
        row(text, COLUMNS);
        for (var image : view.images()) {
            row(
                    text,
                    Map.ofEntries(
                            Map.entry("image", image.image()),
                            Map.entry("count", image.builds()),
                            Map.entry("failed", image.failed()),
                            Map.entry("success_rate", image.successRate()),
                            Map.entry("p50_seconds", image.p50()),
                            Map.entry("p95_seconds", image.p95()),
                            Map.entry("wait_p50_seconds", image.waitP50()),
                            Map.entry("wait_p95_seconds", image.waitP95()),
                            Map.entry("good", image.good()),
                            Map.entry("slowest_stage", image.slowestStage())));
        }
        for (var stage : view.stages()) {
            row(
                    text,
                    Map.of(
                            "image", stage.image(),
                            "stage", stage.stage(),
                            "count", stage.runs(),
                            "failed", stage.failed(),
                            "success_rate", stage.successRate(),
                            "p50_seconds", stage.p50(),
                            "p95_seconds", stage.p95(),
                            "good", stage.runs() - stage.failed()));
        }
        for (var week : view.weeks()) {
            row(
                    text,
                    Map.of(
                            "image", week.image(),
                            "week", day(week.week()),
                            "count", week.builds(),
                            "failed", week.failed(),
                            "good", week.good(),
                            "p50_seconds", week.p50()));
        }
        for (var blame : view.blame()) {
            row(
                    text,
                    Map.of(
                            "image", blame.image(),
                            "stage", blame.stage(),
                            "count", blame.count(),
                            "blame", blame.blame()));
        }
        for (var hosts : view.hosts()) {
            row(
                    text,
                    Map.of(
                            "image", hosts.image(),
                            "week", day(hosts.week()),
                            "count", hosts.hosts(),
                            "host", hosts.kind(),
                            "host_hours", hosts.hours()));
        }
        for (var week : view.stageWeeks()) {
            row(
                    text,
                    Map.of(
                            "image", week.image(),
                            "stage", week.stage(),
                            "week", day(week.week()),
                            "count", week.runs(),
                            "failed", week.failed(),
                            "good", week.runs() - week.failed(),
                            "p50_seconds", week.p50()));
        }
        return text.toString();
    }

    private static String day(Instant week) {
        return LocalDate.ofInstant(week, ZoneOffset.UTC).toString();
    }

    private static void row(StringBuilder text, Map<String, Object> values) {
        row(text, COLUMNS.stream().map(column -> text(values.get(column))).toList());
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append(String.join(",", cells)).append("\r\n");
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Double number -> String.format(Locale.ROOT, "%.3f", number);
            default -> cell(value.toString());
        };
    }

    /** Quoted where it has to be; what a spreadsheet would take for a formula is made a text. */
    static String cell(String value) {
        var safe = value.matches("[=+@\\-\\t\\r].*") ? "'" + value : value;
        return safe.matches("(?s).*[\",\\r\\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
    }
}
