package org.ifaas.server.console;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.fact.ImageTested.Flavor;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.source.Repository;
import org.ifaas.store.journal.PostgresHistory;
import org.ifaas.store.journal.PostgresHistory.Measured;
import org.jspecify.annotations.Nullable;

/** One image over time: its builds stage by stage, what was measured of each, and its releases. */
public final class Image {
    private static final int BUILDS = 25;
    private static final int RELEASES = 50;

    private final Repository repository;
    private final PostgresHistory history;
    private final PackageChanges changes;
    private final InstantSource clock;

    Image(Repository repository, PostgresHistory history, PackageChanges changes, InstantSource clock) {
        this.repository = repository;
        this.history = history;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * @param definition null when it is no longer there, or can't be read
     * @param deep whether there are newer ones on other pages
     * @param older the build behind which there are more; empty when there are none
     */
    public record Page(
            String name,
            @Nullable ImageDefinition definition,
            @Nullable String error,
            List<StageName> stages,
            List<Row> rows,
            boolean deep,
            String older,
            List<StageTimes> times,
            List<Chart> charts,
            List<Measured> releases) {

        /** All flavors that releases were tested on. */
        public List<String> flavors() {
            return releases.stream()
                    .flatMap(release -> release.flavors().stream())
                    .map(Flavor::name)
                    .distinct()
                    .toList();
        }

        /** Such as {@code 24 passed, 0:31}. */
        public String on(Measured release, String flavor) {
            return release.flavors().stream()
                    .filter(on -> on.name().equals(flavor))
                    .map(on -> on.passed() + " passed, " + Amounts.duration(on.bootSeconds()))
                    .findFirst()
                    .orElse("–");
        }
    }

    /** One build. */
    public record Row(Build build, Shown state, String time, List<Cell> cells) {}

    /**
     * One stage of one build.
     *
     * @param heat from 0 for the quickest to 4 for those that took most of the build's time
     */
    public record Cell(StageName stage, Shown state, String time, int heat) {
        public String title() {
            return stage.title() + ": " + state.word() + (time.isEmpty() ? "" : ", " + time);
        }
    }

    /** How long one stage took lately. */
    public record StageTimes(StageName stage, String last, String middle, String longest, Line line) {}

    /** One figure over the releases. */
    public record Chart(String title, String last, String least, String most, Line line) {
        public String summary() {
            return line.dots().size() == 1
                    ? title + " of the only release: " + last
                    : title + " over " + line.dots().size() + " releases: from " + least + " to " + most + ", the last "
                            + last;
        }
    }

    void show(Exchange exchange) {
        var name = exchange.name("image");
        var listed = repository.definitions().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
        var after = after(exchange.query("after"));
        var builds = history.builds(name, BUILDS + 1, after);
        if (listed.isEmpty() && builds.isEmpty() && after == null) {
            throw Exchange.notFound("image", name);
        }
        boolean more = builds.size() > BUILDS;
        var shown = builds.subList(0, Math.min(BUILDS, builds.size()));
        var runs = history.stageRuns(shown);
        var now = clock.instant();
        var rows = shown.stream()
                .map(build -> row(build, runs.getOrDefault(build.id(), Map.of()), now))
                .toList();
        var releases = history.measured(name, RELEASES);
        exchange.page(
                name,
                "/",
                "image",
                new Page(
                        name,
                        listed.map(Repository.Listed::definition).orElse(null),
                        listed.isEmpty()
                                ? "There is no such definition any more; what was built of it stays."
                                : listed.get().error(),
                        List.of(StageName.values()),
                        rows,
                        after != null,
                        more ? shown.getLast().id().value() : "",
                        times(shown, runs),
                        charts(releases.reversed()),
                        releases));
    }

    private static @Nullable BuildId after(String given) {
        try {
            return given.isEmpty() ? null : new BuildId(given);
        } catch (IllegalArgumentException e) {
            throw Exchange.notFound("build", given);
        }
    }

    private static Row row(Build build, Map<StageName, StageRun> runs, Instant now) {
        var total = took(build, now);
        var cells = Arrays.stream(StageName.values())
                .map(stage -> cell(stage, runs.get(stage), build, total, now))
                .toList();
        return new Row(build, Shown.of(build.state()), total.isZero() ? "" : Amounts.duration(total), cells);
    }

    private static Duration took(Build build, Instant now) {
        return build.started() == null
                ? Duration.ZERO
                : Duration.between(build.started(), Objects.requireNonNullElse(build.ended(), now));
    }

    private static Cell cell(StageName stage, @Nullable StageRun run, Build build, Duration total, Instant now) {
        if (run == null) {
            var state = build.state().ended() ? StageState.SKIPPED : StageState.WAITING;
            return new Cell(stage, Shown.of(state), "", 0);
        }
        var time = took(run, now);
        int heat = total.isZero() ? 0 : (int) Math.min(4, time.toMillis() * 8 / Math.max(1, total.toMillis()));
        return new Cell(stage, Shown.of(run.state()), run.started() == null ? "" : Amounts.duration(time), heat);
    }

    private static Duration took(StageRun run, Instant now) {
        return run.started() == null
                ? Duration.ZERO
                : Duration.between(run.started(), Objects.requireNonNullElse(run.ended(), now));
    }

    private static List<StageTimes> times(List<Build> newestFirst, Map<BuildId, Map<StageName, StageRun>> runs) {
        var times = new ArrayList<StageTimes>();
        for (var stage : StageName.values()) {
            var seconds = newestFirst.reversed().stream()
                    .filter(build -> build.state() == BuildState.SUCCEEDED)
                    .map(build -> runs.getOrDefault(build.id(), Map.of()).get(stage))
                    .filter(run -> run != null && run.state() == StageState.DONE && run.started() != null)
                    .map(run -> took(run, Instant.MAX).toMillis() / 1000.0)
                    .toList();
            if (!seconds.isEmpty()) {
                var sorted = seconds.stream().sorted().toList();
                times.add(new StageTimes(
                        stage,
                        Amounts.duration(seconds.getLast()),
                        Amounts.duration(sorted.get(sorted.size() / 2)),
                        Amounts.duration(sorted.getLast()),
                        Line.through(seconds, 160, 22, true)));
            }
        }
        return times;
    }

    private static List<Chart> charts(List<Measured> oldestFirst) {
        var charts = new ArrayList<Chart>();
        add(charts, "Image size", oldestFirst, Measured::size, value -> Amounts.bytes((long) value));
        add(charts, "Packages", oldestFirst, Measured::packages, value -> String.valueOf((long) value));
        add(charts, "Boot time", oldestFirst, Measured::bootSeconds, Amounts::duration);
        var names = new TreeSet<String>();
        oldestFirst.forEach(release -> names.addAll(release.figures().keySet()));
        for (var name : names) {
            add(
                    charts,
                    titled(name),
                    oldestFirst,
                    release -> release.figures().getOrDefault(name, 0.0),
                    value -> "%.0f%s".formatted(value, name.endsWith("_mbit_per_s") ? " Mbit/s" : ""));
        }
        return charts;
    }

    private static String titled(String figure) {
        var words = figure.replaceFirst("_mbit_per_s$", "").replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private interface Written {
        String of(double value);
    }

    private static void add(
            List<Chart> charts,
            String title,
            List<Measured> releases,
            ToDoubleFunction<Measured> figure,
            Written written) {
        var values = releases.stream()
                .map(figure::applyAsDouble)
                .filter(value -> value > 0)
                .toList();
        if (!values.isEmpty()) {
            charts.add(new Chart(
                    title,
                    written.of(values.getLast()),
                    written.of(values.stream().min(Comparator.naturalOrder()).orElseThrow()),
                    written.of(values.stream().max(Comparator.naturalOrder()).orElseThrow()),
                    Line.through(values, 320, 70, false)));
        }
    }

    /** What became of the packages between two releases. */
    public record Differences(
            String image, String from, String to, List<Measured> releases, PackageChanges.@Nullable Found found) {
        public List<Measured> both() {
            return Stream.of(from, to)
                    .flatMap(build ->
                            releases.stream().filter(one -> one.build().value().equals(build)))
                    .toList();
        }
    }

    void differences(Exchange exchange) throws IOException {
        var name = exchange.name("image");
        var byBuild = new LinkedHashMap<String, Measured>();
        history.measured(name, RELEASES)
                .forEach(release -> byBuild.put(release.build().value(), release));
        var from = byBuild.get(exchange.query("from"));
        var to = byBuild.get(exchange.query("to"));
        if (from == null || to == null) {
            throw Exchange.notFound("release", exchange.query(from == null ? "from" : "to"));
        }
        exchange.page(
                name + ": differences",
                "/",
                "differences",
                new Differences(
                        name,
                        from.build().value(),
                        to.build().value(),
                        List.copyOf(byBuild.values()),
                        changes.between(from.build(), to.build())));
    }
}
