package org.ifaas.cli.command;

import java.util.stream.Collectors;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.view.Columns;

/** How every error is said: what is wrong, and below it what to do. */
public final class Errors {
    private Errors() {}

    public static void print(Surroundings surroundings, Stop stop) {
        var err = surroundings.err();
        err.println("ifaas: " + lines(surroundings.hints().in(stop.error()), ""));
        if (!stop.mend().isBlank()) {
            err.println("  " + lines(surroundings.hints().in(stop.mend()), "  "));
        }
    }

    /** Indentation stays, as in the tail of a log; what would reach the terminal as a command goes. */
    private static String lines(String text, String indentation) {
        return text.stripTrailing()
                .lines()
                .map(line -> " ".repeat(line.length() - line.stripLeading().length()) + Columns.clean(line))
                .collect(Collectors.joining("\n" + indentation));
    }
}
