package org.ifaas.store.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Text of unknown origin as lines that are safe to show: no control characters but the tab, no terminal sequences, nothing
 * that is not Unicode, no line longer than the limit. A carriage return ends a line, as progress bars use it.
 */
final class LogText {
    private static final char ESCAPE = '\u001b';
    private static final String REPLACEMENT = "\ufffd";

    private LogText() {}

    /** Hands on each line as UTF-8 that ends with a newline. Never holds more than one line. */
    static void lines(String text, int limit, Consumer<byte[]> to) {
        var at = 0;
        do {
            var end = at;
            while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                end++;
            }
            to.accept(line(text, at, end, limit));
            at = end + (text.startsWith("\r\n", end) ? 2 : 1);
        } while (at < text.length());
    }

    private static byte[] line(String text, int from, int to, int limit) {
        var line = new ByteArrayOutputStream(Math.min(to - from, limit) + 64);
        var at = from;
        while (at < to) {
            if (line.size() >= limit) {
                line.writeBytes(
                        " … (line of %,d characters cut)".formatted(to - from).getBytes(StandardCharsets.UTF_8));
                break;
            }
            var c = text.codePointAt(at);
            if (c == ESCAPE) {
                at = behindSequence(text, at, to);
                continue;
            }
            if (c < 0x80) {
                if (c == '\t' || c >= ' ' && c != 0x7f) {
                    line.write(c);
                }
            } else if (Character.getType(c) == Character.SURROGATE) {
                line.writeBytes(REPLACEMENT.getBytes(StandardCharsets.UTF_8));
            } else if (!Character.isISOControl(c)) {
                line.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
            at += Character.charCount(c);
        }
        line.write('\n');
        return line.toByteArray();
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
