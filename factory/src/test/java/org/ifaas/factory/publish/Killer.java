package org.ifaas.factory.publish;

/** Ends a process, as it seems to the test, at one of its steps. */
public final class Killer {
    private final int at;
    private int steps;

    /** @param at which half of which step: an even one before its effect, an odd one after it; -1 for none */
    public Killer(int at) {
        this.at = at;
    }

    public static Killer none() {
        return new Killer(-1);
    }

    /** What happens here. */
    public interface Step<T, A extends Exception, B extends Exception> {
        T run() throws A, B;
    }

    public <T, A extends Exception, B extends Exception> T step(Step<T, A, B> step) throws A, B {
        die();
        var result = step.run();
        die();
        return result;
    }

    private void die() {
        if (steps++ == at) {
            throw new Killed();
        }
    }

    /** The process is gone. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }
}
