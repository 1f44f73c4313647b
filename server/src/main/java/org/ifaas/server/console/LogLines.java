package org.ifaas.server.console;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.text.Coloured;

/**
 * Lines of a log by their number, and those that say something. A log of any length is read part by part, and only what is shown is
 * kept; where lines begin is remembered now and then, so that a line far behind is found at once the next time.
 */
public final class LogLines {
    /** The number of the line behind all others. */
    static final long END = Long.MAX_VALUE;

    private static final int MOST_SHOWN = 96 * 1024;
    private static final int MOST_HITS = 100;
    /** Of a longer log, a search tells where to go on. */
    private static final long MOST_SEARCHED = 256L << 20;

    private static final int LOGS_REMEMBERED = 256;
    private static final int BYTES_BETWEEN_MARKS = 128 * 1024;

    private final Logs logs;
    private final Map<Key, ConcurrentSkipListMap<Long, Long>> marks = new LinkedHashMap<>(16, .75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ConcurrentSkipListMap<Long, Long>> eldest) {
            return size() > LOGS_REMEMBERED;
        }
    };

    LogLines(Logs logs) {
        this.logs = logs;
    }

    record Key(BuildId build, int attempt, StageName stage) {}

    /**
     * Which lines are wanted: fewer are shown when they are long.
     *
     * @param at number of a line, from 1; {@link #END} for the last ones
     * @param before the most lines before it
     * @param after the most lines from it on
     */
    record Span(long at, int before, int after) {
        static Span around(long line) {
            return line == END ? before(END) : new Span(line, 200, 800);
        }

        static Span before(long line) {
            return new Span(line, 1000, 0);
        }

        static Span from(long line) {
            return new Span(line, 0, 1000);
        }
    }

    /**
     * @param from number of the first line
     * @param next where the line behind the last begins, in bytes
     * @param more whether that line is there
     * @param open whether more may come
     */
    record Window(long from, List<String> lines, long next, boolean more, boolean open) {}

    /** A line with the words that were searched for, all without colours. */
    public record Hit(long number, String before, String words, String after) {
        /** So many characters before and behind the words are shown. */
        private static final int CONTEXT = 160;

        private static Hit of(long number, String line, int start, int end) {
            int from = Math.max(0, start - CONTEXT);
            int to = Math.min(line.length(), end + CONTEXT);
            return new Hit(
                    number,
                    (from > 0 ? "…" : "") + line.substring(from, start),
                    line.substring(start, end),
                    line.substring(end, to) + (to < line.length() ? "…" : ""));
        }
    }

    /**
     * @param words what was searched for
     * @param next number of the line from which to search on; 0 when the end was reached
     */
    public record Hits(String words, List<Hit> lines, long next) {
        /** In words. */
        public String count() {
            return (next > 0 ? "the first " : "") + lines.size() + (lines.size() == 1 ? " line" : " lines");
        }
    }

    Window window(Key log, Span span) throws InterruptedException {
        var shown = new ArrayDeque<String>();
        var walk = new Walk(log, Math.max(1, span.at() - span.before())) {
            private int behind;
            private int bytes;

            @Override
            boolean takes(String line) {
                if (number < span.at()) {
                    shown.add(line);
                    bytes += line.length();
                    while (shown.size() > span.before() || bytes > MOST_SHOWN / 2 && shown.size() > 1) {
                        bytes -= shown.remove().length();
                    }
                    return true;
                }
                bytes = behind == 0 ? 0 : bytes;
                if (behind == span.after() || bytes > MOST_SHOWN) {
                    return false;
                }
                shown.add(line);
                bytes += line.length();
                behind++;
                return true;
            }
        };
        walk.go();
        return new Window(walk.number - shown.size(), new ArrayList<>(shown), walk.offset(), walk.stopped, walk.open);
    }

    /** Lines from one on that hold the words as they are, in small letters or capitals. */
    Hits find(Key log, String words, long from) throws InterruptedException {
        var pattern = Pattern.compile(words, Pattern.LITERAL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        var hits = new ArrayList<Hit>();
        var walk = new Walk(log, from) {
            private long searched;

            @Override
            boolean takes(String line) {
                if (number < from) {
                    return true;
                }
                searched += line.length();
                if (searched > MOST_SEARCHED) {
                    return false;
                }
                var plain = Coloured.plain(line);
                var matcher = pattern.matcher(plain);
                if (!matcher.find()) {
                    return true;
                }
                if (hits.size() == MOST_HITS) {
                    return false;
                }
                return hits.add(Hit.of(number, plain, matcher.start(), matcher.end()));
            }
        };
        walk.go();
        return new Hits(words, hits, walk.stopped ? walk.number : 0);
    }

    private ConcurrentSkipListMap<Long, Long> marks(Key log) {
        synchronized (marks) {
            return marks.computeIfAbsent(log, key -> new ConcurrentSkipListMap<>(Map.of(1L, 0L)));
        }
    }

    /** From some line before the first that is wanted to the end of the log, or until there are enough. */
    private abstract class Walk {
        private final Key log;
        private final ConcurrentSkipListMap<Long, Long> known;

        /** Of the line that is next. */
        long number;

        boolean stopped;
        boolean open;
        private long textAt;
        private String text = "";
        private int begin;

        Walk(Key log, long first) {
            this.log = log;
            this.known = marks(log);
            // Whoever asks for lines behind the end is shown the last ones: the newest mark may be too close to it.
            var mark = known.lowerEntry(Math.min(first, known.lastKey()));
            var start = mark == null ? known.firstEntry() : mark;
            number = start.getKey();
            textAt = start.getValue();
        }

        /** Whether the line counts, and the next one is wanted. */
        abstract boolean takes(String line);

        /** Where the line that is next begins, in bytes. */
        long offset() {
            return textAt + bytes(text.substring(0, begin));
        }

        void go() throws InterruptedException {
            for (var at = textAt; ; ) {
                var chunk = logs.read(log.build(), log.attempt(), log.stage(), at, Duration.ZERO);
                open = chunk.open();
                if (chunk.text().isEmpty()) {
                    // The last line of a log that was cut off.
                    if (!open && begin < text.length() && take(text.length())) {
                        begin = text.length();
                    }
                    return;
                }
                textAt = offset();
                text = text.substring(begin) + chunk.text();
                begin = 0;
                at = chunk.next();
                for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', begin)) {
                    if (!take(end)) {
                        return;
                    }
                    begin = end + 1;
                }
                // The longer a log, the fewer marks for its length.
                var between = Math.max(BYTES_BETWEEN_MARKS, at / 512);
                if (begin == text.length() && at - known.lastEntry().getValue() >= between) {
                    known.put(number, at);
                }
            }
        }

        private boolean take(int end) {
            boolean overwritten = end > begin && text.charAt(end - 1) == '\r';
            stopped = !takes(text.substring(begin, overwritten ? end - 1 : end));
            number += stopped ? 0 : 1;
            return !stopped;
        }
    }

    /** In UTF-8, as logs are kept. */
    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
