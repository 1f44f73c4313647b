package org.ifaas.server.statistics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ifaas.api.StatisticsView;
import org.ifaas.store.statistics.PostgresStatistics;
import org.ifaas.store.statistics.PostgresStatistics.OfStage;

/** The figures of a span of days. Percentiles over many builds cost the database something: they are {@link Recent}. */
public final class Statistics {
    private final PostgresStatistics statistics;
    private final InstantSource clock;
    private final Map<Integer, Recent<StatisticsView>> spans = new ConcurrentHashMap<>();

    public Statistics(PostgresStatistics statistics, InstantSource clock) {
        this.statistics = statistics;
        this.clock = clock;
    }

    public StatisticsView of(int days) {
        return spans.computeIfAbsent(
                        days, span -> new Recent<>(() -> compute(clock.instant().minus(Duration.ofDays(span))), clock))
                .get();
    }

    private StatisticsView compute(Instant since) {
        var stages = statistics.stages(since);
        return new StatisticsView(
                since,
                statistics.images(since).stream()
                        .map(image -> view(image, stages))
                        .toList(),
                stages.stream().map(Statistics::view).toList(),
                statistics.blame(since).stream()
                        .map(blame -> new StatisticsView.Blame(
                                blame.image(), blame.stage().slug(), blame.blame(), blame.count()))
                        .toList(),
                statistics.weeks(since).stream()
                        .map(week -> new StatisticsView.Week(
                                week.image(), week.week(), week.builds(), week.good(), week.failed(), week.p50()))
                        .toList(),
                statistics.hosts(since, clock.instant()).stream()
                        .map(hosts -> new StatisticsView.Hosts(
                                hosts.image(), hosts.kind(), hosts.week(), hosts.hosts(), hosts.hours()))
                        .toList(),
                statistics.stageWeeks(since).stream()
                        .map(week -> new StatisticsView.StageWeek(
                                week.image(), week.stage().slug(), week.week(), week.runs(), week.failed(), week.p50()))
                        .toList());
    }

    private static StatisticsView.Image view(PostgresStatistics.OfImage image, List<OfStage> stages) {
        Optional<OfStage> slowest = stages.stream()
                .filter(stage -> stage.image().equals(image.image()) && stage.p50() > 0)
                .max(Comparator.comparingDouble(OfStage::p50));
        return new StatisticsView.Image(
                image.image(),
                image.builds(),
                image.good(),
                image.failed(),
                image.successRate(),
                image.p50(),
                image.p95(),
                image.waitP50(),
                image.waitP95(),
                slowest.map(stage -> stage.stage().slug()).orElse(""));
    }

    private static StatisticsView.Stage view(OfStage stage) {
        return new StatisticsView.Stage(
                stage.image(),
                stage.stage().number(),
                stage.stage().slug(),
                stage.runs(),
                stage.failed(),
                stage.successRate(),
                stage.p50(),
                stage.p95());
    }
}
