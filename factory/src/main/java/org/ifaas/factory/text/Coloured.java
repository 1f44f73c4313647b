package org.ifaas.factory.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Text as logs have it: between its characters nothing of what terminals obey, but sequences {@code ESC [ … m} for colours, and a
 * carriage return at the end of a line that was overwritten by the next.
 */
public final class Coloured {
    private static final Pattern SEQUENCE = Pattern.compile("\u001b\\[([0-9;:]*)m");

    private static final Pattern OVERWRITTEN = Pattern.compile("[^\r\n]*+\r\n");

    private Coloured() {}

    /** Without its colours and what was overwritten. */
    public static String plain(String text) {
        var last = text.indexOf('\r') < 0 ? text : OVERWRITTEN.matcher(text).replaceAll("");
        return last.indexOf('\u001b') < 0 ? last : SEQUENCE.matcher(last).replaceAll("");
    }

    /** @param look how the text is shown */
    public record Part(String text, Look look) {}

    /** A line as parts of one look each; none is empty. */
    public static List<Part> parts(String line) {
        var parts = new ArrayList<Part>();
        var look = Look.PLAIN;
        int from = 0;
        var matcher = SEQUENCE.matcher(line);
        while (matcher.find()) {
            if (matcher.start() > from) {
                parts.add(new Part(line.substring(from, matcher.start()), look));
            }
            look = look.after(matcher.group(1));
            from = matcher.end();
        }
        if (from < line.length()) {
            parts.add(new Part(line.substring(from), look));
        }
        return parts;
    }
}
