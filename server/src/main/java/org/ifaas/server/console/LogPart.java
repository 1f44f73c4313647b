package org.ifaas.server.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.text.Coloured;
import org.ifaas.server.api.LogEvents;
import org.ifaas.server.api.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The log of one stage: its beginning as part of a page, the rest as events or page by page, all of it as a file, which has no colours.
 */
public final class LogPart {
    /** What builders say when something is wrong; log.js knows the same. */
    private static final Pattern BAD =
            Pattern.compile("^E: |\\b(error|fatal|failed|failure|panic|traceback)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern DOUBTFUL = Pattern.compile("^W: |\\bwarn(ing)?\\b", Pattern.CASE_INSENSITIVE);
    private static final int MOST_SHOWN = 96 * 1024;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Journal journal;
    private final Logs logs;
    private final LogEvents events;

    LogPart(Journal journal, Logs logs, LogEvents events) {
        this.journal = journal;
        this.logs = logs;
        this.events = events;
    }

    /**
     * @param from number of the first line, counted from 1
     * @param next where the rest begins, in bytes
     * @param more whether there is more already
     * @param open whether more may come
     * @param problem why it can't be read; empty when it can
     */
    public record Part(
            StageName stage,
            int attempt,
            long from,
            List<String> lines,
            long next,
            boolean more,
            boolean open,
            String problem) {
        public String number(int index) {
            return Long.toString(from + index);
        }

        /** The line as it is coloured by whoever wrote it. */
        public List<Coloured.Part> parts(int index) {
            return Coloured.parts(lines.get(index));
        }

        /** The style sheet's name for the line's colour; null for most. */
        public @Nullable String look(int index) {
            var line = Coloured.plain(lines.get(index));
            return BAD.matcher(line).find() ? "bad" : DOUBTFUL.matcher(line).find() ? "doubtful" : null;
        }

        public long nextNumber() {
            return from + lines.size();
        }
    }

    Part of(Exchange exchange, Build build, int attempt, StageName stage) throws InterruptedException {
        long offset = number(exchange.query("offset"), 0);
        long from = number(exchange.query("line"), 1);
        var lines = new ArrayList<String>();
        var text = new StringBuilder();
        long next = offset;
        boolean open = false;
        boolean more = false;
        try {
            events.requireThere(build, attempt, stage);
            while (true) {
                var chunk = logs.read(build.id(), attempt, stage, next, Duration.ZERO);
                open = chunk.open() && !build.state().ended() && attempt == build.attempt();
                if (chunk.text().isEmpty()) {
                    break;
                }
                text.append(chunk.text());
                next = chunk.next();
                if (text.length() > MOST_SHOWN) {
                    int end = text.lastIndexOf("\n", MOST_SHOWN) + 1;
                    var kept = text.substring(0, end > 0 ? end : text.length());
                    next = offset + kept.getBytes(StandardCharsets.UTF_8).length;
                    text.setLength(kept.length());
                    more = true;
                    break;
                }
            }
        } catch (UncheckedIOException e) {
            return new Part(stage, attempt, from, List.of(), offset, false, false, String.valueOf(e.getMessage()));
        } catch (Refusal e) {
            return new Part(stage, attempt, from, List.of(), offset, false, false, String.valueOf(e.getMessage()));
        }
        text.toString().lines().forEach(lines::add);
        return new Part(stage, attempt, from, lines, next, more, open, "");
    }

    private static long number(String given, long least) {
        return given.matches("[0-9]{1,12}") ? Math.max(least, Long.parseLong(given)) : least;
    }

    void events(Exchange exchange) throws IOException, InterruptedException {
        var build = BuildPage.find(journal, exchange.name("id"));
        var stage = BuildPage.stageNamed(exchange.name("stage"));
        int attempt = BuildPage.attempt(exchange, build);
        // A browser that was cut off says how far it came.
        long offset = exchange.request()
                .headers()
                .first(LiveEvents.LAST_EVENT)
                .map(last -> number(last, 0))
                .orElse(number(exchange.query("offset"), 0));
        // What can't be read is refused before the stream begins.
        read(build, attempt, stage, offset);
        try (var out = LiveEvents.open(exchange)) {
            events.send(build, attempt, stage, offset, LONGEST, out);
        }
    }

    private Logs.Chunk read(Build build, int attempt, StageName stage, long offset) throws InterruptedException {
        try {
            return logs.read(build.id(), attempt, stage, offset, Duration.ZERO);
        } catch (UncheckedIOException e) {
            throw Refusal.notInStore(String.valueOf(e.getMessage()), "log", stage.slug());
        }
    }

    void download(Exchange exchange) throws IOException, InterruptedException {
        var build = BuildPage.find(journal, exchange.name("id"));
        var stage = BuildPage.stageNamed(exchange.name("stage"));
        int attempt = BuildPage.attempt(exchange, build);
        events.requireThere(build, attempt, stage);
        var first = read(build, attempt, stage, 0);
        Download.start(
                exchange,
                build.parameters().image() + "-" + build.id() + "-" + stage.file() + ".log",
                "text/plain; charset=utf-8");
        try (var out = exchange.response().outputStream()) {
            for (var chunk = first;
                    !chunk.text().isEmpty();
                    chunk = logs.read(build.id(), attempt, stage, chunk.next(), Duration.ZERO)) {
                out.write(Coloured.plain(chunk.text()).getBytes(StandardCharsets.UTF_8));
            }
            out.flush();
        }
    }
}
