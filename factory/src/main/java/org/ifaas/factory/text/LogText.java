package org.ifaas.store.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.ifaas.factory.text.Look;

/**
 * Text of unknown origin as lines that are safe to show: no control characters but the tab, nothing that is not Unicode, no line
 * longer than the limit. Of terminal sequences only colours are kept, each as one that says the whole {@link Look}; they end with
 * their line, so that any line can be read without the one before. A carriage return ends a line, as progress bars use it.
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
                line.writeBytes((Character.getType(c) == Character.SURROGATE ? REPLACEMENT : Character.toString(c))
                        .getBytes(StandardCharsets.UTF_8));
            }
            at += Character.charCount(c);
        }
        show(Look.PLAIN, written, line);
        line.write('\n');
        return line.toByteArray();
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
