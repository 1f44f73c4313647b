package org.ifaas.cli;

/** What a command's exit code means; {@code ifaas help exit-codes} prints this list. */
public enum ExitCode {
    OK(0, "done; for build also: nothing to do, as the last good release has the same inputs"),
    FAILED(1, "a build failed, or is partial: a region has no copy of its image"),
    USAGE(2, "wrong command line, or the factory refused what was asked: unknown image, bad parameter, not allowed"),
    UNREACHABLE(
            3, "no factory runs, it could not be started, does not answer, or failed by itself; something to install"),
    CANCELLED(4, "a build was cancelled"),
    CHECK_FAILED(5, "verify, audit verify or doctor found something wrong, or two builds (build --twice) differ"),
    INTERRUPTED(130, "Ctrl-C; a build that was being shown goes on");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    public String meaning() {
        return meaning;
    }
}
