package org.ifaas.cli.factory;

import org.ifaas.cli.Surroundings;

/** One line on standard error that says what is being waited for; on a terminal it counts the seconds and goes. */
final class Progress implements AutoCloseable {
    private final Surroundings surroundings;
    private final String what;
    private final long start;
    private long shown = -1;

    Progress(Surroundings surroundings, String what) {
        this.surroundings = surroundings;
        this.what = what;
        this.start = surroundings.clock().millis();
        if (!surroundings.terminal().progress()) {
            surroundings.err().println(what + " ...");
        }
    }

    void tick() {
        long seconds = (surroundings.clock().millis() - start) / 1000;
        if (surroundings.terminal().progress() && seconds != shown) {
            shown = seconds;
            surroundings.err().print("\r\033[K" + what + " ... " + seconds + " s");
            surroundings.err().flush();
        }
    }

    @Override
    public void close() {
        if (shown >= 0) {
            surroundings.err().print("\r\033[K");
            surroundings.err().flush();
        }
    }
}
