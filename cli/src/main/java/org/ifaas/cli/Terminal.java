package org.ifaas.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the terminal can do. */
public interface Terminal {
    /** Whether standard input comes from a person. */
    boolean asks();

    /** Whether standard output is a terminal on which lines can be rewritten. */
    boolean live();

    /** Whether standard error is a terminal. */
    boolean progress();

    boolean colour();

    /** Whether the locale shows characters beyond ASCII. */
    boolean unicode();

    /** Asks the terminal; changes when the user resizes it. */
    Size size();

    /**
     * @param columns characters a line
     * @param rows lines
     */
    record Size(int columns, int rows) {
        static final Size USUAL = new Size(80, 24);
    }

    /** @param connected which of the file descriptors 0, 1 and 2 are terminals, such as {@code 012} */
    static Terminal of(String connected, Map<String, String> environment) {
        boolean dumb = "dumb".equals(environment.get("TERM"));
        var locale = environment.getOrDefault(
                "LC_ALL", environment.getOrDefault("LC_CTYPE", environment.getOrDefault("LANG", "")));
        var lower = locale.toLowerCase(Locale.ROOT);
        boolean live = connected.contains("1") && !dumb;
        return new Connected(
                connected.contains("0"),
                live,
                connected.contains("2") && !dumb,
                live && environment.getOrDefault("NO_COLOR", "").isEmpty(),
                lower.contains("utf-8") || lower.contains("utf8"),
                number(environment.get("COLUMNS")),
                number(environment.get("LINES")));
    }

    private static int number(@Nullable String text) {
        return text != null && text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : 0;
    }

    /** {@code stty size} says how large it is; COLUMNS and LINES where that fails. */
    record Connected(
            boolean asks, boolean live, boolean progress, boolean colour, boolean unicode, int columns, int rows)
            implements Terminal {
        @Override
        public Size size() {
            try {
                var stty = new ProcessBuilder("stty", "size")
                        .redirectInput(new File("/dev/tty"))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                var said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
                if (said.matches("[1-9][0-9]{0,3} [1-9][0-9]{0,3}")) {
                    var numbers = said.split(" ");
                    return new Size(Integer.parseInt(numbers[1]), Integer.parseInt(numbers[0]));
                }
            } catch (IOException e) {
                // No terminal to ask, or no stty.
            }
            return new Size(columns > 0 ? columns : Size.USUAL.columns(), rows > 0 ? rows : Size.USUAL.rows());
        }
    }
}
