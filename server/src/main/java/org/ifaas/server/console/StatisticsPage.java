package org.ifaas.server.console;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ifaas.api.StatisticsView;
import org.ifaas.server.api.Lists;
import org.ifaas.server.statistics.Csv;

/** How builds went lately: by image, by stage, and who was to blame. */
public final class StatisticsPage {
    private static final List<Integer> SPANS = List.of(7, 30, 90, 366);

    private final Lists lists;

    StatisticsPage(Lists lists) {
        this.lists = lists;
    }

    /** @param asOf when the figures were found out, up to ten minutes ago */
    public record Page(
            int days,
            Instant asOf,
            List<Integer> spans,
            List<Row> images,
            List<Stages> stages,
            List<StatisticsView.Blame> blame,
            List<Hosts> hosts) {}

    /** @param trend hours of each week */
    public record Hosts(String image, String kind, int hosts, double hours, Line trend) {
        static Hosts of(List<StatisticsView.Hosts> weeks) {
            var first = weeks.getFirst();
            return new Hosts(
                    first.image(),
                    first.kind(),
                    weeks.stream().mapToInt(StatisticsView.Hosts::hosts).sum(),
                    weeks.stream().mapToDouble(StatisticsView.Hosts::hours).sum(),
                    Line.through(weeks.stream().map(StatisticsView.Hosts::hours).toList(), 120, 24, true));
        }
    }

    /** @param trend median build time of each week */
    public record Row(StatisticsView.Image figures, Line trend) {
        public String rate() {
            return Amounts.percent(figures.successRate());
        }
    }

    /** @param trends by stage, the median time of each week */
    public record Stages(String image, List<StatisticsView.Stage> stages, double longest, Map<String, Line> trends) {
        static Stages of(String image, List<StatisticsView.Stage> own, List<StatisticsView.StageWeek> weeksOfAll) {
            var medians = weeksOfAll.stream()
                    .filter(week -> week.runs() > week.failed())
                    .collect(Collectors.groupingBy(
                            StatisticsView.StageWeek::stage,
                            Collectors.mapping(StatisticsView.StageWeek::p50, Collectors.toList())));
            var trends = new HashMap<String, Line>();
            medians.forEach((stage, weeks) -> trends.put(stage, Line.through(weeks, 80, 22, true)));
            return new Stages(
                    image,
                    own,
                    own.stream().mapToDouble(StatisticsView.Stage::p50).max().orElse(0),
                    trends);
        }

        public String share(StatisticsView.Stage stage) {
            return Long.toString(longest <= 0 ? 0 : Math.round(100 * stage.p50() / longest));
        }

        public Line trend(StatisticsView.Stage stage) {
            return trends.getOrDefault(stage.stage(), Line.through(List.of(), 80, 22, true));
        }
    }

    void show(Exchange exchange) {
        int days = days(exchange);
        var view = lists.statistics(exchange.account(), days);
        var rows = new ArrayList<Row>();
        var stages = new ArrayList<Stages>();
        var own = view.stages().stream().collect(Collectors.groupingBy(StatisticsView.Stage::image));
        var stageWeeks = view.stageWeeks().stream().collect(Collectors.groupingBy(StatisticsView.StageWeek::image));
        for (var image : view.images()) {
            var weeks = view.weeks().stream()
                    .filter(week -> week.image().equals(image.image()) && week.p50() > 0)
                    .map(StatisticsView.Week::p50)
                    .toList();
            rows.add(new Row(image, Line.through(weeks, 120, 24, true)));
            stages.add(Stages.of(
                    image.image(),
                    own.getOrDefault(image.image(), List.of()),
                    stageWeeks.getOrDefault(image.image(), List.of())));
        }
        exchange.page(
                "Statistics",
                "/statistics",
                "statistics",
                new Page(
                        days,
                        view.since().plus(Duration.ofDays(days)),
                        SPANS,
                        rows,
                        stages,
                        view.blame(),
                        hosts(view)));
    }

    private static List<Hosts> hosts(StatisticsView view) {
        var byKind = view.hosts().stream()
                .collect(Collectors.groupingBy(
                        hosts -> List.of(hosts.image(), hosts.kind()), LinkedHashMap::new, Collectors.toList()));
        return byKind.values().stream()
                .map(Hosts::of)
                .sorted(Comparator.comparing(Hosts::hours).reversed())
                .toList();
    }

    void csv(Exchange exchange) {
        int days = days(exchange);
        Download.start(
                exchange, "statistics-%d-days.csv".formatted(days).toLowerCase(Locale.ROOT), "text/csv; charset=utf-8");
        exchange.response()
                .send(Csv.of(lists.statistics(exchange.account(), days)).getBytes(StandardCharsets.UTF_8));
    }

    private static int days(Exchange exchange) {
        var given = exchange.query("days");
        int days = given.matches("[0-9]{1,3}") ? Integer.parseInt(given) : 30;
        return Math.max(1, Math.min(366, days));
    }
}
