package org.ifaas.factory.text;

import java.util.regex.Pattern;

/** What hosts, definitions and requests say, made fit to be shown: nothing in it may command a terminal or fill a screen. */
public final class Visible {
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
    private static final Pattern UNSEEN_BUT_LINES = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\n\t]]");

    private Visible() {}

    /**
     * In one line, with what can't be seen as {@code \}{@code uXXXX}.
     *
     * @param most how many characters of it are shown
     */
    public static String line(String text, int most) {
        var seen = UNSEEN.matcher(cut(text, most))
                .replaceAll(found -> String.format("\\\\u%04x", found.group().codePointAt(0)));
        return text.length() > most ? seen + "…" : seen;
    }

    /**
     * Its lines and tabs stay; what can't be seen becomes U+FFFD.
     *
     * @param most how many characters of it are shown
     */
    public static String lines(String text, int most) {
        var seen = UNSEEN_BUT_LINES.matcher(cut(text, most)).replaceAll("\ufffd");
        return text.length() > most ? seen + " … (cut)" : seen;
    }

    /** Not in the middle of a character that takes two. */
    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
