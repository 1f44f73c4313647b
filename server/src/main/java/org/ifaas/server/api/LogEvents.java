package org.ifaas.server.api;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.ifaas.api.LogView;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageName;

/** A stage's log as server-sent events: what is there at once, then what comes, until it is closed. */
public final class LogEvents {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    private final Journal journal;
    private final Logs logs;

    public LogEvents(Journal journal, Logs logs) {
        this.journal = journal;
        this.logs = logs;
    }

    /**
     * Each event carries a {@link LogView} and as its id the offset behind it, with which a client that was cut off goes on. The
     * last one is called {@code end}.
     *
     * @param longest after how long the client has to ask again
     */
    public void send(Build build, int attempt, StageName stage, long offset, Duration longest, OutputStream out)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        long at = offset;
        while (System.nanoTime() < until) {
            var chunk = read(build, attempt, stage, at, KEEP_ALIVE);
            boolean open = chunk.open() && (!chunk.text().isEmpty() || !ended(build, attempt));
            if (!chunk.text().isEmpty()) {
                at = chunk.next();
                write(out, "id: " + at + "\ndata: " + Json.text(new LogView(chunk.text(), at, open)) + "\n\n");
            } else if (!open) {
                write(out, "event: end\ndata: " + Json.text(new LogView("", at, false)) + "\n\n");
                return;
            } else {
                write(out, ": still here\n\n");
            }
        }
    }

    /** @throws Refusal when retention has removed that log */
    public void requireThere(Build build, int attempt, StageName stage) throws InterruptedException {
        var removed = journal.facts(build.id()).find(LogsRemoved.class).orElse(null);
        if (removed != null
                && read(build, attempt, stage, 0, Duration.ZERO).text().isEmpty()) {
            throw Refusal.removed(
                    removed,
                    "log",
                    stage.slug(),
                    "retention.logs says how long logs stay; those of a published release are in its folder.");
        }
    }

    /** What a crash has left open is closed a while after its build has ended. */
    private boolean ended(Build build, int attempt) {
        return journal.find(build.id())
                .map(now -> now.state().ended() || now.attempt() > attempt)
                .orElse(true);
    }

    private Logs.Chunk read(Build build, int attempt, StageName stage, long offset, Duration wait)
            throws InterruptedException {
        try {
            return logs.read(build.id(), attempt, stage, offset, wait);
        } catch (UncheckedIOException e) {
            throw Refusal.notInStore(String.valueOf(e.getMessage()), "log", stage.slug());
        }
    }

    private static void write(OutputStream out, String event) throws IOException {
        out.write(event.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
