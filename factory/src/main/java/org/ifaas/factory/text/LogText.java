package org.ifaas.factory.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Text of unknown origin as lines that are safe to show: no control characters but the tab, nothing that is not Unicode, no line
 * longer than the limit. Of terminal sequences only colours are kept, each as one that says the whole {@link Look}; they end with
 * their line, so that any line can be read without the one before. What a carriage return ended, as states of progress bars are, is
 * a line that ends with it and a newline: {@link Coloured#plain} leaves it out.
 */
public final class LogText {
    private static final char ESCAPE = '\u001b';
    private static final String REPLACEMENT = "\ufffd";

    private LogText() {}

    /**
     * Writes each line as UTF-8 that ends with a newline.
     *
     * @param limit bytes that a line may have
     */
    public static void write(String text, int limit, ByteArrayOutputStream to) {
        var at = 0;
        do {
            var end = at;
            while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                end++;
            }
            var next = end;
            while (next < text.length() && text.charAt(next) == '\r') {
                next++;
            }
            boolean overwritten = next > end && !text.startsWith("\n", next);
            line(text, at, end, limit, to);
            if (overwritten) {
                to.write('\r');
            }
            to.write('\n');
            at = next < text.length() && text.charAt(next) == '\n' ? next + 1 : next;
        } while (at < text.length());
    }

    /** As a file for people and programs has it: without colours, and of what was overwritten the last state. */
    public static String plain(String text) {
        if (text.isEmpty()) {
            return text;
        }
        var lines = new ByteArrayOutputStream();
        write(text, Integer.MAX_VALUE, lines);
        return Coloured.plain(lines.toString(StandardCharsets.UTF_8));
    }

    /** Most lines are ASCII, and what is in them can be shown as it is. */
    private static boolean isSimple(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < ' ' || c > '~') && c != '\t') {
                return false;
            }
        }
        return true;
    }

    private static void line(String text, int from, int to, int limit, ByteArrayOutputStream out) {
        if (to - from <= limit && isSimple(text, from, to)) {
            out.writeBytes(text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1));
        } else {
            out.writeBytes(cleaned(text, from, to, limit));
        }
    }

    private static byte[] cleaned(String text, int from, int to, int limit) {
        var line = new ByteArrayOutputStream(Math.min(to - from, 1024) + 64);
        var at = from;
        var look = Look.PLAIN;
        var written = Look.PLAIN;
        while (at < to) {
            if (line.size() >= limit) {
                written = show(Look.PLAIN, written, line);
                line.writeBytes(
                        " … (line of %,d characters cut)".formatted(to - from).getBytes(StandardCharsets.UTF_8));
                break;
            }
            var c = text.codePointAt(at);
            if (c == ESCAPE) {
                var end = behindSequence(text, at, to);
                if (text.startsWith("[", at + 1) && text.charAt(end - 1) == 'm') {
                    look = look.after(text.substring(at + 2, end - 1));
                }
                at = end;
                continue;
            }
            if (c == '\t' || !Character.isISOControl(c)) {
                written = show(look, written, line);
                show(c, line);
            }
            at += Character.charCount(c);
        }
        show(Look.PLAIN, written, line);
        return line.toByteArray();
    }

    private static void show(int c, ByteArrayOutputStream line) {
        if (c < 0x80) {
            line.write(c);
        } else {
            line.writeBytes((Character.getType(c) == Character.SURROGATE ? REPLACEMENT : Character.toString(c))
                    .getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Only before a character: what colours nothing takes no room. */
    private static Look show(Look look, Look written, ByteArrayOutputStream line) {
        if (!look.equals(written)) {
            line.writeBytes(look.sequence().getBytes(StandardCharsets.US_ASCII));
        }
        return look;
    }

    /** Behind {@code ESC [ … letter} (colours, cursor), {@code ESC ] … BEL} (titles) or the escape alone. */
    private static int behindSequence(String text, int at, int to) {
        var next = at + 1;
        if (next < to && text.charAt(next) == '[') {
            next++;
            while (next < to && text.charAt(next) >= ' ' && text.charAt(next) < '@') {
                next++;
            }
            return Math.min(next + 1, to);
        }
        if (next < to && text.charAt(next) == ']') {
            var bell = text.indexOf('\u0007', next, Math.min(to, next + 256));
            return bell < 0 ? next + 1 : bell + 1;
        }
        return next;
    }
}
