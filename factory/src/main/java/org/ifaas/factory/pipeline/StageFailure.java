package org.ifaas.factory.pipeline;

import org.ifaas.factory.text.Visible;
import org.jspecify.annotations.Nullable;

/** A stage could not make its fact true: what happened, who has to act, and what to do next. */
public sealed class StageFailure extends Exception permits NoRoom {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 8 * 1024;

    private final Blame blame;
    private final String mend;

    public StageFailure(Blame blame, String message, String mend) {
        this(blame, message, mend, null);
    }

    public StageFailure(Blame blame, String message, String mend, @Nullable Throwable cause) {
        super(Visible.lines(message, MOST), cause);
        this.blame = blame;
        this.mend = Visible.lines(mend, MOST);
    }

    /** What happened. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public Blame blame() {
        return blame;
    }

    /** One sentence that says what to do next. */
    public String mend() {
        return mend;
    }
}
