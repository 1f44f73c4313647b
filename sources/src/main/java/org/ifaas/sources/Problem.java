package org.ifaas.sources;

/**
 * One thing that is wrong with what somebody wrote.
 *
 * @param field such as {@code sizes.disk_mib} or {@code team[2]}; empty for the whole
 * @param value what is there, shortened; empty when nothing is
 * @param problem what is wrong with it, to be read after the field and the value
 * @param mend what to do about it, one sentence
 */
public record Problem(String field, String value, String problem, String mend) {
    private static final int LONGEST = 80;

    /** With the value shortened and its control characters made visible. */
    static Problem of(String field, String value, String problem, String mend) {
        return new Problem(field, shown(value), problem, mend);
    }

    /** In one sentence, and the mend. */
    public String text() {
        var subject = field.isEmpty() ? "it" : field;
        return subject + (value.isEmpty() ? "" : " is “" + value + "”, which") + " " + problem + ". " + mend;
    }

    static String shown(String value) {
        return shown(value, LONGEST);
    }

    static String shown(String value, int longest) {
        var text = new StringBuilder();
        value.codePoints().limit(longest).forEach(c -> {
            if (unseen(c)) {
                text.append(String.format("\\u%04x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return value.codePointCount(0, value.length()) > LONGEST
                ? text.append('…').toString()
                : text.toString();
    }

    private static boolean unseen(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
