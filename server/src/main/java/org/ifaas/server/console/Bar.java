package org.ifaas.server.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.pipeline.StageState;
import org.jspecify.annotations.Nullable;

/**
 * One stage as a bar in the time of the build.
 *
 * @param from thousandths of the whole
 * @param width likewise
 */
public record Bar(
        StageName stage,
        Shown state,
        String time,
        long from,
        long width,
        @Nullable String message,
        @Nullable String mend,
        @Nullable String blame) {
    public String x() {
        return Long.toString(from);
    }

    public String w() {
        return Long.toString(width);
    }

    /** Of all stages, in their order: those that have no run at that attempt wait, or never will. */
    static List<Bar> of(Build build, int attempt, List<StageRun> runs, Instant now) {
        var byStage = runs.stream().collect(Collectors.toMap(StageRun::stage, Function.identity()));
        var from = runs.stream()
                .map(StageRun::started)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(now);
        var to = runs.stream()
                .filter(run -> run.started() != null)
                .map(run -> Objects.requireNonNullElse(run.ended(), now))
                .max(Comparator.naturalOrder())
                .orElse(now);
        double whole = Math.max(1, Duration.between(from, to).toMillis());
        var bars = new ArrayList<Bar>();
        for (var stage : StageName.values()) {
            var run = byStage.get(stage);
            if (run == null) {
                boolean over = build.state().ended() || attempt < build.attempt();
                var state = Shown.of(over ? StageState.SKIPPED : StageState.WAITING);
                bars.add(new Bar(stage, state, "", 0, 0, null, null, null));
            } else {
                bars.add(of(run, from, whole, now));
            }
        }
        return bars;
    }

    private static Bar of(StageRun run, Instant from, double whole, Instant now) {
        var began = run.started();
        var ended = Objects.requireNonNullElse(run.ended(), now);
        long x = began == null
                ? 0
                : Math.round(1000 * Duration.between(from, began).toMillis() / whole);
        long width = began == null
                ? 0
                : Math.max(3, Math.round(1000 * Duration.between(began, ended).toMillis() / whole));
        return new Bar(
                run.stage(),
                Shown.of(run.state()),
                began == null ? "" : Amounts.duration(Duration.between(began, ended)),
                Math.min(x, 997),
                Math.min(width, 1000 - Math.min(x, 997)),
                run.message(),
                run.mend(),
                run.blame() == null ? null : blame(run.blame().name()));
    }

    private static String blame(String name) {
        return switch (name) {
            case "REQUEST" -> "what was asked for";
            case "IMAGE" -> "the image definition";
            case "HOST" -> "the build host";
            default -> "the " + name.toLowerCase(Locale.ROOT);
        };
    }
}
