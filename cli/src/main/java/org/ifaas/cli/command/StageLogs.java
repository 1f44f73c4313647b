package org.ifaas.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import org.ifaas.api.BuildView;
import org.ifaas.api.LogView;
import org.ifaas.api.StageView;
import org.ifaas.cli.Terminal;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.factory.Rest;
import org.ifaas.cli.view.Columns;
import org.jspecify.annotations.Nullable;

/** The logs of one build's stages, read from the factory piece by piece. */
final class StageLogs {
    private static final int WAIT_SECONDS = 20;

    private final Rest rest;
    private final PrintStream out;
    private final String build;
    private final @Nullable Integer attempt;
    private final boolean json;
    private final Terminal terminal;
    private final Map<String, Long> offsets = new HashMap<>();
    private @Nullable String heading;

    StageLogs(Rest rest, PrintStream out, String build, @Nullable Integer attempt, boolean json, Terminal terminal) {
        this.rest = rest;
        this.out = out;
        this.build = build;
        this.attempt = attempt;
        this.json = json;
        this.terminal = terminal;
    }

    void heading(StageView stage) {
        if (!json && !stage.name().equals(heading)) {
            out.println((heading == null ? "" : "\n") + "== " + stage.number() + " " + stage.title() + " ==");
            heading = stage.name();
        }
    }

    /** Prints what is there, or with {@code follow} until the stage's log is closed. */
    void print(StageView stage, boolean follow) throws IOException {
        LogView log;
        do {
            log = next(stage, follow ? WAIT_SECONDS : 0);
            show(log);
        } while (follow ? log.open() : !log.text().isEmpty());
    }

    /** Prints what all stages say as they say it, under a heading whenever another stage speaks. */
    void followAll(BuildView first) throws IOException {
        var now = first;
        while (true) {
            boolean quiet = true;
            for (var stage : now.stages()) {
                if (!stage.state().equals("WAITING")) {
                    quiet &= !speak(stage, 0);
                }
            }
            if (ended(now) && quiet) {
                return;
            }
            if (quiet) {
                waitForSomething(now);
            }
            now = Json.read(rest.get(Address.of("builds", build)), BuildView.class);
        }
    }

    /** Long enough to be no load, short enough that another stage is seen soon. */
    private void waitForSomething(BuildView now) throws IOException {
        var running = now.stages().stream()
                .filter(stage -> stage.state().equals("RUNNING"))
                .findFirst();
        if (running.isPresent()) {
            speak(running.get(), 1);
            return;
        }
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private boolean speak(StageView stage, int wait) throws IOException {
        var log = next(stage, wait);
        if (log.text().isEmpty()) {
            return false;
        }
        heading(stage);
        show(log);
        return true;
    }

    private void show(LogView log) {
        if (json && !log.text().isEmpty()) {
            out.println(Json.write(log));
        } else {
            out.print(
                    terminal.live() ? Columns.forTerminal(log.text(), terminal.colour()) : Columns.forFile(log.text()));
        }
        out.flush();
    }

    private LogView next(StageView stage, int wait) throws IOException {
        var log = Json.read(
                rest.get(Address.of("builds", build, "logs", stage.name())
                        .with("attempt", attempt)
                        .with("offset", offsets.getOrDefault(stage.name(), 0L))
                        .with("wait", wait)),
                LogView.class);
        offsets.put(stage.name(), log.next());
        return log;
    }

    private static boolean ended(BuildView build) {
        return !build.state().equals("QUEUED") && !build.state().equals("RUNNING");
    }
}
