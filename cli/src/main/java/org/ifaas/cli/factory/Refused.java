package org.ifaas.cli.factory;

import org.ifaas.api.ErrorView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.jspecify.annotations.Nullable;

/** The factory answered with an error. */
public final class Refused extends Stop {
    private static final long serialVersionUID = 1L;

    private static final int UNAVAILABLE = 503;

    private final int status;
    private final @Nullable String field;

    Refused(int status, ErrorView view) {
        super(
                status < 500 ? ExitCode.USAGE : ExitCode.UNREACHABLE,
                sentence(view),
                view.mend() == null ? "" : view.mend());
        this.status = status;
        this.field = view.field();
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Whether that field of the request is what was wrong. */
    boolean isOf(String name) {
        return name.equals(field);
    }

    /** What it leans on is away: it will answer when that is back. */
    public boolean isForNow() {
        return status == UNAVAILABLE;
    }

    private static String sentence(ErrorView view) {
        if (view.field() == null) {
            return view.detail();
        }
        return view.detail() + " (" + view.field() + (view.value() == null ? "" : ": " + view.value()) + ")";
    }
}
