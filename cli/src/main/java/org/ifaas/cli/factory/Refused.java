package org.ifaas.cli.factory;

import org.ifaas.api.ErrorView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;

/** The factory answered with an error. */
public final class Refused extends Stop {
    private static final long serialVersionUID = 1L;

    private static final int UNAVAILABLE = 503;

    private final int status;

    Refused(int status, ErrorView view) {
        super(
                status < 500 ? ExitCode.USAGE : ExitCode.UNREACHABLE,
                sentence(view),
                view.mend() == null ? "" : view.mend());
        this.status = status;
    }

    /** HTTP status. */
    public int status() {
        return status;
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
