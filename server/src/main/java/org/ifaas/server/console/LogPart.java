package org.ifaas.server.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.text.Coloured;
import org.ifaas.server.api.LogEvents;
import org.ifaas.server.api.Refusal;
import org.ifaas.server.console.LogLines.Span;
import org.jspecify.annotations.Nullable;

/**
 * The log of one stage: some lines as part of a page, others as pieces of one, what comes as events; all of it as a file, which has no
 * colours.
 */
public final class LogPart {
    /** What builders say when something is wrong; log.js knows the same. */
    private static final Pattern BAD =
            Pattern.compile("^E: |\\b(error|fatal|failed|failure|panic|traceback)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern DOUBTFUL = Pattern.compile("^W: |\\bwarn(ing)?\\b", Pattern.CASE_INSENSITIVE);
    private static final int LONGEST_WORDS = 200;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Journal journal;
    private final Logs logs;
    private final LogEvents events;
    private final LogLines lines;

    LogPart(Journal journal, Logs logs, LogEvents events) {
        this.journal = journal;
        this.logs = logs;
        this.events = events;
        this.lines = new LogLines(logs);
    }

    /**
     * @param from number of the first line, counted from 1
     * @param next where the rest begins, in bytes
     * @param more whether there is more already
     * @param open whether more may come
     * @param last whether the last lines were asked for
     * @param found the lines that were searched for; null when none were
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
            boolean last,
            LogLines.@Nullable Hits found,
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

        /** The address of a line, on whichever page. */
        public String to(long line) {
            return "?attempt=" + attempt + "&stage=" + stage.slug() + "&at=" + line + "#" + stage.slug() + "-L" + line;
        }

        /** The address of a line that was found, beside all others. */
        public String toHit(long line) {
            return to(line).replace("#", found == null ? "#" : find(found) + "#");
        }

        /** The address of what else is found. */
        public String further() {
            return found == null
                    ? ""
                    : "?attempt=" + attempt + "&stage=" + stage.slug() + find(found) + "&after=" + found.next()
                            + "#found";
        }

        private static String find(LogLines.Hits found) {
            return "&find=" + URLEncoder.encode(found.words(), StandardCharsets.UTF_8);
        }
    }

    /** @param last whether the end is what most people look for, rather than the beginning */
    Part of(Exchange exchange, Build build, int attempt, StageName stage, boolean last) throws InterruptedException {
        var at = exchange.query("at");
        long line = at.equals("end") || at.isEmpty() && last ? LogLines.END : number(at, 1);
        var words = exchange.query("find");
        var log = new LogLines.Key(build.id(), attempt, stage);
        try {
            events.requireThere(build, attempt, stage);
            return part(build, log, Span.around(line), words.isEmpty() ? null : hits(exchange, log));
        } catch (UncheckedIOException e) {
            return none(stage, attempt, e);
        } catch (Refusal e) {
            return none(stage, attempt, e);
        }
    }

    private static Part none(StageName stage, int attempt, Exception why) {
        return new Part(stage, attempt, 1, List.of(), 0, false, false, false, null, String.valueOf(why.getMessage()));
    }

    private Part part(Build build, LogLines.Key log, Span span, LogLines.@Nullable Hits found)
            throws InterruptedException {
        var window = lines.window(log, span);
        boolean open = window.open() && !build.state().ended() && log.attempt() == build.attempt();
        return new Part(
                log.stage(),
                log.attempt(),
                window.from(),
                window.lines(),
                window.next(),
                window.more(),
                open,
                span.at() == LogLines.END,
                found,
                "");
    }

    private LogLines.Hits hits(Exchange exchange, LogLines.Key log) throws InterruptedException {
        var words = exchange.query("find");
        if (words.isEmpty() || words.length() > LONGEST_WORDS) {
            throw new Refusal(
                    400, "is not of 1 to " + LONGEST_WORDS + " characters", "find", words, "Search for less.");
        }
        return lines.find(log, words, number(exchange.query("after"), 1));
    }

    /** A piece of a page: the lines before, from or around one. */
    void lines(Exchange exchange) throws InterruptedException {
        var build = AskedBuild.find(journal, exchange);
        var log = log(exchange, build);
        var at = exchange.query("at");
        var span = !exchange.query("before").isEmpty()
                ? Span.before(number(exchange.query("before"), 1))
                : !exchange.query("from").isEmpty()
                        ? Span.from(number(exchange.query("from"), 1))
                        : Span.around(at.equals("end") ? LogLines.END : number(at, 1));
        try {
            exchange.page("Lines", "", "lines", part(build, log, span, null));
        } catch (UncheckedIOException e) {
            throw Refusal.notInStore(
                    String.valueOf(e.getMessage()), "log", log.stage().slug());
        }
    }

    /** A piece of a page: the lines that say something. */
    void search(Exchange exchange) throws InterruptedException {
        var log = log(exchange, AskedBuild.find(journal, exchange));
        try {
            var found = hits(exchange, log);
            exchange.page(
                    "Found",
                    "",
                    "hits",
                    new Part(log.stage(), log.attempt(), 1, List.of(), 0, false, false, false, found, ""));
        } catch (UncheckedIOException e) {
            throw Refusal.notInStore(
                    String.valueOf(e.getMessage()), "log", log.stage().slug());
        }
    }

    private static LogLines.Key log(Exchange exchange, Build build) {
        return new LogLines.Key(
                build.id(), AskedBuild.attempt(exchange, build), AskedBuild.stage(exchange.name("stage")));
    }

    private static long number(String given, long least) {
        return given.matches("[0-9]{1,12}") ? Math.max(least, Long.parseLong(given)) : least;
    }

    void events(Exchange exchange) throws IOException, InterruptedException {
        var build = AskedBuild.find(journal, exchange);
        var stage = AskedBuild.stage(exchange.name("stage"));
        int attempt = AskedBuild.attempt(exchange, build);
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
        var build = AskedBuild.find(journal, exchange);
        var stage = AskedBuild.stage(exchange.name("stage"));
        int attempt = AskedBuild.attempt(exchange, build);
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
