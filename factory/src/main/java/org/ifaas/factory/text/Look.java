package org.ifaas.factory.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * How a terminal was asked to show what follows, as far as it does no harm: a colour of the text and its face. No background, nothing
 * that blinks or hides: what is written can be read.
 *
 * @param ink 30 to 37 and 90 to 97, as terminals count them; 0 for the usual
 */
public record Look(int ink, boolean bold, boolean faint, boolean italic, boolean underlined, boolean struck) {
    private static final int UNKNOWN = -1;
    public static final Look PLAIN = new Look(0, false, false, false, false, false);

    private static final List<String> INKS =
            List.of("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white");
    private static final Pattern PARAMETERS = Pattern.compile("[0-9;:]{0,100}");

    /** What it becomes by a sequence {@code ESC [ … m}; what is not known in it changes nothing. */
    public Look after(String parameters) {
        if (!PARAMETERS.matcher(parameters).matches()) {
            return this;
        }
        var look = this;
        var codes = codes(parameters).iterator();
        while (codes.hasNext()) {
            look = look.after(codes.next(), codes);
        }
        return look;
    }

    private static List<Integer> codes(String parameters) {
        return Arrays.stream(parameters.split(";", -1))
                .map(code -> code.isEmpty() ? 0 : code.matches("[0-9]{1,3}") ? Integer.parseInt(code) : UNKNOWN)
                .toList();
    }

    private Look after(int code, Iterator<Integer> rest) {
        return switch (code) {
            case 0 -> PLAIN;
            case 1 -> new Look(ink, true, faint, italic, underlined, struck);
            case 2 -> new Look(ink, bold, true, italic, underlined, struck);
            case 3 -> new Look(ink, bold, faint, true, underlined, struck);
            case 4 -> new Look(ink, bold, faint, italic, true, struck);
            case 9 -> new Look(ink, bold, faint, italic, underlined, true);
            case 22 -> new Look(ink, false, false, italic, underlined, struck);
            case 23 -> new Look(ink, bold, faint, false, underlined, struck);
            case 24 -> new Look(ink, bold, faint, italic, false, struck);
            case 29 -> new Look(ink, bold, faint, italic, underlined, false);
            case 38 -> in(chosen(rest));
            case 39 -> in(0);
            case 48, 58 -> {
                chosen(rest);
                yield this;
            }
            default -> code >= 30 && code <= 37 || code >= 90 && code <= 97 ? in(code) : this;
        };
    }

    private Look in(int other) {
        return new Look(other, bold, faint, italic, underlined, struck);
    }

    /** One of 256 colours, or of all, as the nearest of the sixteen. */
    private static int chosen(Iterator<Integer> rest) {
        int kind = next(rest);
        if (kind == 2) {
            return nearest(next(rest), next(rest), next(rest));
        }
        if (kind != 5) {
            return 0;
        }
        int number = next(rest);
        if (number < 16) {
            return number < 8 ? 30 + number : 82 + number;
        }
        if (number >= 232) {
            int grey = 8 + 10 * (number - 232);
            return nearest(grey, grey, grey);
        }
        int cube = number - 16;
        return nearest(cube / 36 * 51, cube / 6 % 6 * 51, cube % 6 * 51);
    }

    private static int next(Iterator<Integer> rest) {
        return rest.hasNext() ? rest.next() : 0;
    }

    private static int nearest(int red, int green, int blue) {
        int most = Math.max(red, Math.max(green, blue));
        int least = Math.min(red, Math.min(green, blue));
        int middle = (most + least) / 2;
        if (most - least < 40) {
            return most < 60 ? 30 : most < 170 ? 90 : 37;
        }
        return (most > 200 ? 90 : 30) + (red > middle ? 1 : 0) + (green > middle ? 2 : 0) + (blue > middle ? 4 : 0);
    }

    /** The one sequence that says all of it, whatever was before. */
    public String sequence() {
        var codes = new StringJoiner(";", "\u001b[", "m").add("0");
        if (bold) {
            codes.add("1");
        }
        if (faint) {
            codes.add("2");
        }
        if (italic) {
            codes.add("3");
        }
        if (underlined) {
            codes.add("4");
        }
        if (struck) {
            codes.add("9");
        }
        if (ink > 0) {
            codes.add(Integer.toString(ink));
        }
        return codes.toString();
    }

    /** In words, as a style sheet has them: {@code bold ink-red}; empty for the usual. */
    public String words() {
        var words = new ArrayList<String>();
        if (bold) {
            words.add("bold");
        }
        if (faint) {
            words.add("faint");
        }
        if (italic) {
            words.add("italic");
        }
        if (underlined) {
            words.add("underlined");
        }
        if (struck) {
            words.add("struck");
        }
        if (ink > 0) {
            words.add("ink-" + INKS.get(ink % 10));
        }
        return String.join(" ", words);
    }
}
