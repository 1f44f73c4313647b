package org.ifaas.cli.view;

import java.util.List;
import java.util.regex.Pattern;

/** Text by the columns that it takes on a terminal. */
public final class Columns {
    private static final String ESCAPES = "\033(\\[[0-?]*[ -/]*[@-~]|\\][^\007\033]*(\007|\033\\\\)?|.)?";

    /** Of those, what colours text: its ink and its face, nothing that hides it. */
    private static final Pattern COLOUR = Pattern.compile("\033\\[([0-9;]{1,30})m");

    private static final Pattern CODES = Pattern.compile("([012349]|[39][0-7])(;([012349]|[39][0-7]))*");
    private static final String PLAIN = "\033[0m";

    private Columns() {}

    /** What a log line would do to a terminal is taken out: control characters, and what carriage returns overwrote. */
    public static String clean(String line) {
        var text = line.replaceAll(ESCAPES, "").stripTrailing();
        text = text.substring(text.lastIndexOf('\r') + 1).replace('\t', ' ');
        return text.replaceAll("\\p{Cc}|\\p{Cf}", "").strip();
    }

    /**
     * A log as it may reach a terminal: lines, tabs, text and, where they are wanted, colours. Builds are hostile, and so is what
     * they print.
     */
    public static String forTerminal(String text, boolean colour) {
        var shown = new StringBuilder();
        var colours = COLOUR.matcher(text);
        int from = 0;
        while (colour && colours.find()) {
            shown.append(withoutColours(text.substring(from, colours.start())));
            if (CODES.matcher(colours.group(1)).matches()) {
                shown.append(colours.group());
            }
            from = colours.end();
        }
        boolean coloured = shown.indexOf("\033") >= 0;
        return shown.append(withoutColours(text.substring(from)))
                .append(coloured ? PLAIN : "")
                .toString();
    }

    private static String withoutColours(String text) {
        return text.replaceAll(ESCAPES, "").replaceAll("\r\n?", "\n").replaceAll("[\\p{Cc}\\p{Cf}&&[^\n\t]]", "");
    }

    /** A log as a file or another program gets it: lines, tabs and text, and of what was overwritten the last state. */
    public static String forFile(String text) {
        return text.replaceAll("[^\r\n]*+\r\n", "").replaceAll(ESCAPES, "");
    }

    /** The lines of a text, each clean. */
    public static List<String> cleanLines(String text) {
        return text.strip().lines().map(Columns::clean).toList();
    }

    public static int width(String text) {
        return text.codePoints().map(Columns::width).sum();
    }

    /** At most that wide; what was cut shows as three dots. */
    public static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        var dots = "...".substring(0, Math.clamp(columns, 0, 3));
        var kept = new StringBuilder();
        int used = dots.length();
        for (var points = text.codePoints().iterator(); points.hasNext(); ) {
            int point = points.nextInt();
            used += width(point);
            if (used > columns) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return kept.append(dots).toString();
    }

    /** At least that wide, filled with blanks on the right. */
    public static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    /** Chinese, Japanese and Korean characters and pictures take two columns, combining marks none. */
    private static int width(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = point >= 0x1100 && point <= 0x115f
                || point >= 0x2e80 && point <= 0xa4cf && point != 0x303f
                || point >= 0xac00 && point <= 0xd7a3
                || point >= 0xf900 && point <= 0xfaff
                || point >= 0xfe30 && point <= 0xfe6f
                || point >= 0xff00 && point <= 0xff60
                || point >= 0xffe0 && point <= 0xffe6
                || point >= 0x1f300 && point <= 0x1faff
                || point >= 0x20000 && point <= 0x3fffd;
        return wide ? 2 : 1;
    }
}
