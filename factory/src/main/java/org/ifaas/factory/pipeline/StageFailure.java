package org.ifaas.factory.pipeline;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A stage could not make its fact true: what happened, who has to act, and what to do next. */
public final class StageFailure extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 8 * 1024;
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}&&[^\n\t]]");

    private final Blame blame;
    private final String mend;

    public StageFailure(Blame blame, String message, String mend) {
        this(blame, message, mend, null);
    }

    public StageFailure(Blame blame, String message, String mend, @Nullable Throwable cause) {
        super(shown(message), cause);
        this.blame = blame;
        this.mend = shown(mend);
    }

    /** It may quote what a host or a definition says: nothing in it may command a terminal, or fill a screen of logs. */
    private static String shown(String text) {
        var cut = text.length() <= MOST ? text : text.substring(0, MOST) + " … (cut)";
        return UNSEEN.matcher(cut).replaceAll("\ufffd");
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
