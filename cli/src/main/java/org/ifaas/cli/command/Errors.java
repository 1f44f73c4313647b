package org.ifaas.cli.command;

import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;

/** How every error is said: what is wrong, and below it what to do. */
public final class Errors {
    private Errors() {}

    public static void print(Surroundings surroundings, Stop stop) {
        var err = surroundings.err();
        err.println("ifaas: " + stop.error());
        if (!stop.mend().isBlank()) {
            stop.mend().lines().forEach(line -> err.println("  " + line));
        }
    }
}
