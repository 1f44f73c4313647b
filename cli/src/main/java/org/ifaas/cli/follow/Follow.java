package org.ifaas.cli.follow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ifaas.api.BuildView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Connection;
import org.ifaas.cli.view.JsonView;
import org.ifaas.cli.view.LiveView;
import org.ifaas.cli.view.PlainView;
import org.ifaas.cli.view.View;
import org.jspecify.annotations.Nullable;

/**
 * Shows builds until all have ended. On a terminal, Ctrl-C asks once whether to cancel; a second one, or no, looks away and
 * leaves them running. Without a terminal Ctrl-C looks away at once.
 */
public final class Follow {
    private static final int TICK_MILLIS = 100;

    private final Surroundings surroundings;
    private final Connection connection;
    private final View view;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final Map<String, BuildView> builds = new LinkedHashMap<>();
    private boolean asking;
    private boolean asked;

    public Follow(Surroundings surroundings, Connection connection, boolean json) {
        this.surroundings = surroundings;
        this.connection = connection;
        this.view = json ? new JsonView(surroundings) : view(surroundings);
    }

    private static View view(Surroundings surroundings) {
        if (!surroundings.terminal().live()) {
            return new PlainView(surroundings);
        }
        var live = new LiveView(surroundings);
        Interrupts.onResize(live::resized);
        return live;
    }

    /** The worst of how they ended. */
    public ExitCode toTheEnd(List<BuildView> begun) throws IOException, InterruptedException {
        begun.forEach(build -> builds.put(build.id(), build));
        try (var interrupts = new Interrupts(() -> messages.add(new Message.Interrupted()))) {
            for (var build : begun) {
                Thread.ofVirtual().name("watch " + build.id()).start(new Watch(build.id(), connection, messages));
            }
            while (!builds.values().stream().allMatch(Watch::ended)) {
                var exit = handle(messages.poll(TICK_MILLIS, TimeUnit.MILLISECONDS));
                if (exit != null) {
                    return exit;
                }
                view.tick();
            }
        }
        if (asking) {
            surroundings.err().println();
        }
        view.ended(builds.values());
        return worst(builds.values());
    }

    /** What the builds look like now. */
    public Collection<BuildView> builds() {
        return List.copyOf(builds.values());
    }

    private @Nullable ExitCode handle(@Nullable Message message) throws IOException, InterruptedException {
        switch (message) {
            case null -> {}
            case Message.Changed(var build, var json) -> {
                builds.put(build.id(), build);
                view.changed(build, json);
            }
            case Message.Noted(var sentence) -> view.note(sentence);
            case Message.Broken(var stop) -> throw stop;
            case Message.Interrupted() -> {
                if (asked
                        || !surroundings.terminal().asks()
                        || !surroundings.terminal().progress()) {
                    return lookAway();
                }
                ask();
            }
            case Message.Answered(var line) -> {
                asking = false;
                if (!line.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
                    return lookAway();
                }
                cancel();
                view.resume();
            }
        }
        return null;
    }

    private void ask() {
        asked = true;
        asking = true;
        view.pause();
        var what = builds.size() == 1 ? "this build" : "these " + builds.size() + " builds";
        surroundings.err().print("\nCancel " + what + "? [y/N] ");
        surroundings.err().flush();
        Thread.ofVirtual().name("answer").start(() -> {
            try {
                var line = new BufferedReader(new InputStreamReader(surroundings.in())).readLine();
                messages.add(new Message.Answered(line == null ? "" : line));
            } catch (IOException e) {
                messages.add(new Message.Answered(""));
            }
        });
    }

    private void cancel() throws IOException, InterruptedException {
        for (var build : builds.values()) {
            if (!Watch.ended(build)) {
                connection.rest().post(Address.of("builds", build.id(), "cancel"), null);
            }
        }
    }

    private ExitCode lookAway() {
        var err = surroundings.err();
        err.println();
        for (var build : builds.values()) {
            if (!Watch.ended(build)) {
                var hints = surroundings.hints();
                err.println("Build " + build.id() + " of " + build.parameters().image() + " goes on. Look at it again: "
                        + hints.of("show -f " + build.id()) + "; cancel it: " + hints.of("cancel " + build.id()));
            }
        }
        return ExitCode.INTERRUPTED;
    }

    private static ExitCode worst(Collection<BuildView> builds) {
        var states = builds.stream().map(BuildView::state).toList();
        if (states.contains("FAILED") || states.contains("PARTIAL")) {
            return ExitCode.FAILED;
        }
        return states.contains("CANCELLED") ? ExitCode.CANCELLED : ExitCode.OK;
    }
}
