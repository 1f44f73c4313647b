package org.ifaas.sources;

import org.ifaas.factory.text.Visible;

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
        return Visible.line(value, longest);
    }
}
