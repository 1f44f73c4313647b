package org.ifaas.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Command lines that can be pasted: called as the user called this one, and with the options by which it found its factory.
 *
 * @param command how the user calls it: {@code ./ifaas}
 * @param options what goes behind every command line; empty, or begins with a space
 */
public record Hints(String command, String options) {
    private static final List<String> OF_THE_FACTORY = List.of("--home", "--database", "--config");
    private static final Pattern QUOTED = Pattern.compile("(['`])ifaas ([^'`]*)\\1");
    private static final Pattern WITHOUT_FACTORY = Pattern.compile("(help|completion|publisher)\\b.*");

    public Hints(String command) {
        this(command, "");
    }

    /** With those of these arguments that name a factory. */
    Hints after(String... arguments) {
        if (arguments.length > 0 && WITHOUT_FACTORY.matcher(arguments[0]).matches()) {
            return this;
        }
        var kept = new StringBuilder();
        for (int i = 0; i < arguments.length && !arguments[i].equals("--"); i++) {
            var argument = arguments[i];
            for (var option : OF_THE_FACTORY) {
                if (argument.startsWith(option + "=")) {
                    kept.append(said(option, argument.substring(option.length() + 1)));
                } else if (argument.equals(option) && i + 1 < arguments.length) {
                    kept.append(said(option, arguments[++i]));
                }
            }
        }
        return new Hints(command, kept.toString());
    }

    /** For a shell. A password is not repeated: the home's next factory knows the database of the last. */
    private static String said(String option, String value) {
        if (value.toLowerCase(Locale.ROOT).contains("password=")) {
            return "";
        }
        var plain = value.matches("[A-Za-z0-9_./:=@%+,~-]+");
        return " " + option + " " + (plain ? value : "'" + value.replace("'", "'\\''") + "'");
    }

    /** @param words such as {@code show aaaaaaaa} */
    public String of(String words) {
        return command + " " + words + (WITHOUT_FACTORY.matcher(words).matches() ? "" : options);
    }

    /** The same for each {@code 'ifaas …'} in a sentence of the factory, which knows nothing of this command line. */
    public String in(String text) {
        return QUOTED.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + of(found.group(2)) + found.group(1)));
    }
}
