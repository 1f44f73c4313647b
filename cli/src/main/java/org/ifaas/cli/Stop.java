package org.ifaas.cli;

/** Ends the command with an exit code, one sentence that says what is wrong, and what to do about it. */
public class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exit;
    private final String mend;

    public Stop(ExitCode exit, String error, String mend) {
        super(error);
        this.exit = exit;
        this.mend = mend;
    }

    public ExitCode exit() {
        return exit;
    }

    public String error() {
        return String.valueOf(getMessage());
    }

    /** May have several lines; empty when there is nothing to do. */
    public String mend() {
        return mend;
    }
}
