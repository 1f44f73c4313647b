package org.ifaas.server.console;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.server.api.Lists;
import org.ifaas.server.login.Account;
import org.ifaas.store.sql.Changes;
import tools.jackson.databind.json.JsonMapper;

/** Server-sent events that say that a page has become old, and in a sentence why. */
final class LiveEvents {
    /** A browser asks again by itself; whoever was signed out meanwhile gets no more. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
    static final HeaderName LAST_EVENT = HeaderNames.create("Last-Event-ID");
    private static final Duration PAUSE = Duration.ofMillis(700);

    private final Journal journal;
    private final Lists lists;
    private final Changes changes;

    LiveEvents(Journal journal, Lists lists, Changes changes) {
        this.journal = journal;
        this.lists = lists;
        this.changes = changes;
    }

    private record Event(String text) {}

    /** Of all builds. */
    void ofAll(Exchange exchange) throws IOException, InterruptedException {
        try (var out = open(exchange)) {
            long until = System.nanoTime() + LONGEST.toNanos();
            while (System.nanoTime() < until) {
                long seen = changes.seen();
                send(out, "message", now(exchange.account()));
                while (changes.await(seen, KEEP_ALIVE) == seen && System.nanoTime() < until) {
                    stillHere(out);
                }
                Thread.sleep(PAUSE);
            }
        }
    }

    /** Of one build, until it has ended. */
    void ofBuild(Exchange exchange) throws IOException, InterruptedException {
        var id = AskedBuild.find(journal, exchange).id();
        try (var out = open(exchange)) {
            long until = System.nanoTime() + LONGEST.toNanos();
            var sent = "";
            while (System.nanoTime() < until) {
                long seen = changes.seen();
                var build = journal.find(id).orElseThrow();
                var sentence = sentence(build);
                if (build.state().ended()) {
                    send(out, "end", sentence);
                    return;
                }
                if (sentence.equals(sent)) {
                    stillHere(out);
                } else {
                    send(out, "message", sentence);
                    sent = sentence;
                }
                changes.await(id, seen, KEEP_ALIVE);
            }
        }
    }

    /** What the stages of the newest attempt are doing, in a sentence. */
    private String sentence(Build build) {
        if (build.state().ended()) {
            return "The build has " + (build.state().good() ? "ended well: " : "ended: ")
                    + Shown.of(build.state()).word();
        }
        if (build.reason() != null) {
            return "The build waits: " + build.reason();
        }
        Map<StageState, List<String>> byState = journal.stageRuns(build.id(), build.attempt()).stream()
                .collect(Collectors.groupingBy(
                        StageRun::state, Collectors.mapping(run -> run.stage().title(), Collectors.toList())));
        var running = byState.getOrDefault(StageState.RUNNING, List.of());
        return byState.getOrDefault(StageState.DONE, List.of()).size() + " of " + StageName.values().length
                + " stages are done"
                + (running.isEmpty() ? "" : "; running: " + String.join(", ", running));
    }

    private String now(Account account) {
        return lists.count(account, BuildState.RUNNING) + " running, " + lists.count(account, BuildState.QUEUED)
                + " queued";
    }

    /** Begins at once, so that a browser knows that it is connected, even while there is nothing to tell. */
    static OutputStream open(Exchange exchange) throws IOException {
        exchange.response()
                .header(HeaderNames.CONTENT_TYPE, "text/event-stream")
                .header(HeaderNames.CACHE_CONTROL, "no-store");
        var out = exchange.response().outputStream();
        stillHere(out);
        return out;
    }

    static void send(OutputStream out, String kind, String text) throws IOException {
        var event = "event: " + kind + "\ndata: " + JsonMapper.shared().writeValueAsString(new Event(text)) + "\n\n";
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    static void stillHere(OutputStream out) throws IOException {
        out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
