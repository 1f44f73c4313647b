package org.ifaas.cli.view;

import java.util.List;

/** Text by the columns that it takes on a terminal. */
public final class Columns {
    private static final String ESCAPES = "\033(\\[[0-?]*[ -/]*[@-~]|\\][^\007\033]*(\007|\033\\\\)?|.)?";

    private Columns() {}

    /** What a log line would do to a terminal is taken out: control characters, and what carriage returns overwrote. */
    public static String clean(String line) {
        var text = line.replaceAll(ESCAPES, "").stripTrailing();
        text = text.substring(text.lastIndexOf('\r') + 1).replace('\t', ' ');
        return text.replaceAll("\\p{Cc}|\\p{Cf}", "").strip();
    }

    /** A log as it may reach a terminal: lines, tabs and text. Builds are hostile, and so is what they print. */
    public static String forTerminal(String text) {
        return text.replaceAll(ESCAPES, "").replaceAll("\r\n?", "\n").replaceAll("[\\p{Cc}\\p{Cf}&&[^\n\t]]", "");
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
