package org.ifaas.server.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.schedule.Schedule;
import org.ifaas.factory.source.Repository;
import org.ifaas.server.api.Lists;
import org.ifaas.store.journal.PostgresHistory;
import org.jspecify.annotations.Nullable;

/** All images: how the last build of each went, how old the image is, when it is built next, and what is being built now. */
public final class Images {
    private static final int LOOK_BACK = 20;
    /** In each state. */
    private static final int MOST_GOING = 25;

    private final Lists lists;
    private final Journal journal;
    private final PostgresHistory history;
    private final Set<String> trusted;
    private final InstantSource clock;

    Images(Lists lists, Journal journal, PostgresHistory history, Set<String> trusted, InstantSource clock) {
        this.lists = lists;
        this.journal = journal;
        this.history = history;
        this.trusted = Set.copyOf(trusted);
        this.clock = clock;
    }

    /** @param more how many builds wait or run beside those */
    public record Page(List<Row> images, List<Going> going, long more) {}

    /**
     * @param last null when it was never built
     * @param next when it is built by itself; empty when it is not
     * @param paused whether it would be, if nobody had paused it
     */
    public record Row(
            String name,
            String title,
            String builder,
            String repository,
            boolean trusted,
            @Nullable String error,
            Shown state,
            @Nullable Build last,
            Age age,
            String next,
            boolean paused,
            Line times,
            String lastTime) {}

    /**
     * @param share of the time after which a new one is due; 0 where there is no such time
     * @param text in words
     */
    public record Age(String text, double share, boolean due) {}

    /** A build that waits or runs. */
    public record Going(Build build, Shown state, String since) {}

    void show(Exchange exchange) {
        var now = clock.instant();
        var schedules = lists.schedules(exchange.account()).stream()
                .collect(Collectors.toMap(Schedule::image, Function.identity()));
        var rows = lists.definitions(exchange.account()).stream()
                .map(listed -> row(listed, schedules.get(listed.name()), now))
                .toList();
        var account = exchange.account();
        var going = lists.going(account, MOST_GOING).stream()
                .map(build -> new Going(
                        build,
                        Shown.of(build.state()),
                        Amounts.roughly(
                                Duration.between(Objects.requireNonNullElse(build.started(), build.requested()), now))))
                .toList();
        long more = lists.count(account, BuildState.RUNNING) + lists.count(account, BuildState.QUEUED) - going.size();
        exchange.page("Images", "/", "images", new Page(rows, going, Math.max(0, more)));
    }

    private Row row(Repository.Listed listed, @Nullable Schedule schedule, Instant now) {
        var definition = listed.definition();
        var builds = history.builds(listed.name(), LOOK_BACK, null).stream()
                .filter(build -> build.parameters().kind() == Kind.BUILD)
                .toList();
        var last = builds.isEmpty() ? null : builds.getFirst();
        var times = times(builds);
        return new Row(
                listed.name(),
                definition == null ? "" : definition.title(),
                definition == null ? "" : definition.builder(),
                listed.repository(),
                trusted.contains(listed.repository()),
                listed.error(),
                last == null ? Shown.NONE : Shown.of(last.state()),
                last,
                age(listed, now),
                schedule == null || schedule.next() == null
                        ? ""
                        : Amounts.time(schedule.next().start()),
                schedule != null && schedule.paused() != null,
                Line.through(times, 120, 24, true),
                times.isEmpty() ? "" : Amounts.duration(Duration.ofSeconds(Math.round(times.getLast()))));
    }

    /** Seconds of those that built an image, oldest first. */
    private static List<Double> times(List<Build> builds) {
        var times = new ArrayList<Double>();
        for (var build : builds.reversed()) {
            if (build.state() == BuildState.SUCCEEDED && build.started() != null && build.ended() != null) {
                times.add(Duration.between(build.started(), build.ended()).toMillis() / 1000.0);
            }
        }
        return times;
    }

    private Age age(Repository.Listed listed, Instant now) {
        var made = journal.succeeded(listed.name(), 1).stream()
                .map(Build::ended)
                .filter(Objects::nonNull)
                .findFirst();
        if (made.isEmpty()) {
            return new Age("no image yet", 0, false);
        }
        var age = Duration.between(made.get(), now);
        var text = Amounts.roughly(age);
        var frequency =
                listed.definition() == null ? "never" : listed.definition().replaceFrequency();
        var most = most(frequency);
        if (most.isZero()) {
            return new Age(text, 0, false);
        }
        double share = (double) age.toSeconds() / most.toSeconds();
        return new Age(
                text + " of " + most.toDays() + (most.toDays() == 1 ? " day" : " days"),
                Math.min(1, share),
                share >= 1);
    }

    /** SCS-0102's words as days; zero where no time is promised. */
    private static Duration most(String frequency) {
        return switch (frequency) {
            case "daily" -> Duration.ofDays(1);
            case "weekly" -> Duration.ofDays(7);
            case "monthly" -> Duration.ofDays(31);
            case "quarterly" -> Duration.ofDays(92);
            case "yearly" -> Duration.ofDays(366);
            default -> Duration.ZERO;
        };
    }
}
