package org.ifaas.mail;

import java.util.regex.Pattern;

/** Text of unknown origin, without what a reader would not see or a mail server would obey. */
final class Plain {
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\x{2028}\\x{2029}]");
    private static final Pattern UNSEEN_BUT_LINES =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\x{2028}\\x{2029}&&[^\n\t]]");
    private static final int MOST_SUBJECT = 200;

    private Plain() {}

    /** One line, short enough for a header. */
    static String line(String text) {
        var seen = UNSEEN.matcher(text).replaceAll(" ");
        return seen.length() <= MOST_SUBJECT ? seen : seen.substring(0, MOST_SUBJECT) + "…";
    }

    static String lines(String text) {
        return UNSEEN_BUT_LINES.matcher(text).replaceAll("\ufffd");
    }
}
