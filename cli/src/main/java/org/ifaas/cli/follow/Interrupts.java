package org.ifaas.cli.follow;

import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Takes Ctrl-C while it is open, so that it does not end the command. */
public final class Interrupts implements AutoCloseable {
    private static final Signal INT = new Signal("INT");

    private final SignalHandler before;

    public Interrupts(Runnable onInterrupt) {
        before = Signal.handle(INT, signal -> onInterrupt.run());
    }

    /** Tells of changes of the terminal's size, from now on. */
    public static void onResize(Runnable resized) {
        Signal.handle(new Signal("WINCH"), signal -> resized.run());
    }

    @Override
    public void close() {
        Signal.handle(INT, before);
    }
}
