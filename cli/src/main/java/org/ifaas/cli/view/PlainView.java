package org.ifaas.cli.view;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ifaas.api.BuildView;
import org.ifaas.api.StageView;
import org.ifaas.cli.Surroundings;

/** For pipes and logs: one line for each change of a stage, and a sign of life when nothing changes for long. */
public final class PlainView implements View {
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final Surroundings surroundings;
    private final PrintStream out;
    private final Map<String, BuildView> builds = new LinkedHashMap<>();
    private final Map<String, String> states = new HashMap<>();
    private Instant last;

    public PlainView(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.out = surroundings.out();
        this.last = surroundings.clock().instant();
    }

    @Override
    public void changed(BuildView build, String json) {
        builds.put(build.id(), build);
        boolean told = isNew(
                build.id(),
                build.state() + build.attempt() + (BuildLines.waitsFor(build).isEmpty() ? "" : " waits"));
        if (told && build.ended() == null) {
            say(build, since(build), words(build));
        }
        news(build).stream().sorted(News.ORDER).forEach(news -> say(build, news.at(), news.words()));
        if (told && build.ended() != null) {
            say(build, since(build), words(build));
        }
    }

    /** What a stage has come to, or several at once. */
    private record News(Instant at, int number, String words) {
        static final Comparator<News> ORDER = Comparator.comparing(News::at).thenComparing(News::number);
    }

    private List<News> news(BuildView build) {
        // A retry begins anew, also with the stages that its first attempt had done.
        var attempt = build.id() + "/" + build.attempt();
        var news = new ArrayList<News>();
        var skipped = new LinkedHashMap<String, List<StageView>>();
        for (var stage : build.stages()) {
            if (isNew(attempt + "/" + stage.number(), stage.state())
                    && !stage.state().equals("WAITING")) {
                if (stage.state().equals("SKIPPED")) {
                    skipped.computeIfAbsent(message(stage), _ -> new ArrayList<>())
                            .add(stage);
                } else {
                    news.add(new News(since(stage, build), stage.number(), words(stage)));
                }
            }
        }
        skipped.forEach((why, stages) -> {
            var first = stages.getFirst();
            news.add(new News(
                    since(first, build),
                    first.number(),
                    stages.size() == 1 ? words(first) : numbers(stages) + "/15 skipped" + why));
        });
        return news;
    }

    private static Instant since(StageView stage, BuildView build) {
        if (stage.ended() != null) {
            return stage.ended();
        }
        return stage.started() == null ? since(build) : stage.started();
    }

    /** In their order, those beside each other as from and to. */
    private static String numbers(List<StageView> stages) {
        var text = new StringBuilder();
        for (int i = 0; i < stages.size(); i++) {
            int first = stages.get(i).number();
            int last = first;
            while (i + 1 < stages.size() && stages.get(i + 1).number() == last + 1) {
                last = stages.get(++i).number();
            }
            text.append(text.isEmpty() ? "" : ", ").append(first).append(last == first ? "" : "-" + last);
        }
        return text.toString();
    }

    @Override
    public void tick() {
        var now = surroundings.clock().instant();
        if (Duration.between(last, now).compareTo(SILENCE) < 0) {
            return;
        }
        for (var build : builds.values()) {
            for (var stage : build.stages()) {
                if (stage.state().equals("RUNNING")) {
                    var line = stage.lastLine() == null ? "" : ": " + Columns.cut(Columns.clean(stage.lastLine()), 120);
                    say(
                            build,
                            now,
                            label(stage) + " still running, " + Amounts.elapsed(stage.started(), null, now) + line);
                }
            }
        }
        last = now;
    }

    @Override
    public void note(String sentence) {
        surroundings.err().println(sentence);
    }

    @Override
    public void ended(Collection<BuildView> all) {
        all.forEach(build -> new Outcome(surroundings, Style.PLAIN).lines(build).forEach(out::println));
    }

    private boolean isNew(String what, String state) {
        return !state.equals(states.put(what, state));
    }

    private void say(BuildView build, Instant at, String words) {
        last = surroundings.clock().instant();
        out.println(Amounts.time(at, surroundings.zone()) + " "
                + build.parameters().image() + " " + build.id() + " " + words);
    }

    private static Instant since(BuildView build) {
        if (build.ended() != null) {
            return build.ended();
        }
        return build.started() != null ? build.started() : build.requested();
    }

    private static String words(BuildView build) {
        var attempt = build.attempt() > 1 ? " (attempt " + build.attempt() + ")" : "";
        return switch (build.state()) {
            case "UNCHANGED" -> "nothing to do";
            default -> build.state().toLowerCase(Locale.ROOT) + attempt + BuildLines.waitsFor(build);
        };
    }

    private static String words(StageView stage) {
        if (stage.state().equals("RUNNING")) {
            return label(stage) + " running";
        }
        var took = Amounts.elapsed(stage.started(), stage.ended(), Instant.EPOCH);
        return label(stage) + " " + stage.state().toLowerCase(Locale.ROOT)
                + (took.isEmpty() ? "" : " after " + took)
                + (stage.blame() == null ? "" : ", blame " + stage.blame())
                + message(stage);
    }

    private static String message(StageView stage) {
        return stage.message() == null
                ? ""
                : ": " + Columns.clean(stage.message().replace('\n', ' '));
    }

    private static String label(StageView stage) {
        return stage.number() + "/15 " + stage.title() + ":";
    }
}
