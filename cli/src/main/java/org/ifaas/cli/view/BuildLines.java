package org.ifaas.cli.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.ifaas.api.BuildView;
import org.ifaas.api.StageView;

/**
 * One build as lines of text, none wider than the columns.
 *
 * @param columns of the terminal; the last one stays free, where some terminals would break the line
 */
public record BuildLines(Style style, int columns) {
    private static final int TITLE = 22;
    private static final int ELAPSED = 7;

    /** The heading and all fifteen stages. */
    public List<String> full(BuildView build, Instant now) {
        var lines = new ArrayList<String>();
        lines.add(heading(build, now));
        build.stages().forEach(stage -> lines.add(stage(stage, now)));
        return lines;
    }

    /** One line with a symbol for each stage, then the stages that are running. */
    List<String> compact(BuildView build, Instant now) {
        var lines = new ArrayList<String>();
        lines.add(bar(build, now));
        build.stages().stream()
                .filter(stage -> stage.state().equals("RUNNING"))
                .forEach(stage -> lines.add(stage(stage, now)));
        return lines;
    }

    String bar(BuildView build, Instant now) {
        var name = Columns.pad(Columns.cut(name(build), Math.max(10, columns - 34)), Math.min(30, columns - 34));
        var symbols = new StringBuilder();
        build.stages().forEach(stage -> symbols.append(style.paint(stage.state(), style.symbol(stage.state()))));
        return style.strong(name) + " " + symbols + "  " + Columns.cut(state(build, now), 16);
    }

    private String heading(BuildView build, Instant now) {
        var text = new StringBuilder();
        var kind = Objects.requireNonNullElse(build.parameters().kind(), "build");
        if (!kind.equals("build")) {
            text.append(", ").append(kind);
        }
        if (build.serial() != null) {
            text.append(", serial ").append(build.serial());
        }
        if (build.attempt() > 1) {
            text.append(", attempt ").append(build.attempt());
        }
        text.append(": ").append(state(build, now)).append(waitsFor(build));
        var name = Columns.cut(name(build), columns - 1);
        return style.strong(name) + Columns.cut(text.toString(), columns - 1 - Columns.width(name));
    }

    /** Beside its turn. */
    static String waitsFor(BuildView build) {
        return build.state().equals("QUEUED") && build.reason() != null ? ", " + Columns.clean(build.reason()) : "";
    }

    private static String name(BuildView build) {
        return build.parameters().image() + " " + build.id();
    }

    private static String state(BuildView build, Instant now) {
        var word = build.state().equals("UNCHANGED")
                ? "nothing to do"
                : build.state().toLowerCase(Locale.ROOT);
        var from = build.state().equals("QUEUED") ? build.requested() : build.started();
        return (word + " " + Amounts.elapsed(from, build.ended(), now)).strip();
    }

    private String stage(StageView stage, Instant now) {
        var symbol = style.paint(stage.state(), style.symbol(stage.state()));
        var title = Columns.pad(Columns.cut(stage.title(), TITLE), TITLE);
        var elapsed = ("%" + ELAPSED + "s").formatted(Amounts.elapsed(stage.started(), stage.ended(), now));
        var fixed = " %2d %s ".formatted(stage.number(), stage.state().equals("WAITING") ? style.faint(title) : title)
                + elapsed;
        int used = 2 + 1 + 3 + 1 + TITLE + 1 + elapsed.length() + 2;
        var text = Columns.cut(text(stage), Math.max(0, columns - 1 - used));
        var line = "  " + symbol + fixed + (text.isEmpty() ? "" : "  " + painted(stage, text));
        return stage.state().equals("WAITING") && text.isEmpty() ? line.stripTrailing() : line;
    }

    private String painted(StageView stage, String text) {
        return stage.state().equals("FAILED") ? style.paint("FAILED", text) : style.faint(text);
    }

    private static String text(StageView stage) {
        if (stage.state().equals("RUNNING")) {
            return stage.lastLine() == null ? "" : Columns.clean(stage.lastLine());
        }
        var message =
                stage.message() == null ? "" : Columns.clean(stage.message().replace('\n', ' '));
        return stage.blame() == null ? message : stage.blame() + ": " + message;
    }
}
