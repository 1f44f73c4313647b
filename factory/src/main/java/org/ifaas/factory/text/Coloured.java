package org.ifaas.factory.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Text as logs have it: between its characters nothing of what terminals obey, but sequences {@code ESC [ … m} for colours. */
public final class Coloured {
    private static final Pattern SEQUENCE = Pattern.compile("\u001b\\[([0-9;:]*)m");

    private Coloured() {}

    /** Without its colours. */
    public static String plain(String text) {
        return text.indexOf('\u001b') < 0 ? text : SEQUENCE.matcher(text).replaceAll("");
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
