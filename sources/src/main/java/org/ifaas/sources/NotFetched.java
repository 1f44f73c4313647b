package org.ifaas.sources;

import java.io.IOException;

/** The other side can't be asked: what is wrong, and the mend. */
final class NotFetched extends IOException {
    private static final long serialVersionUID = 1L;

    private final String mend;

    NotFetched(String message, String mend) {
        super(message);
        this.mend = mend;
    }

    /** One sentence that says what to do next. */
    String mend() {
        return mend;
    }

    /** That of any failure. */
    static String mend(IOException e) {
        return e instanceof NotFetched known
                ? known.mend()
                : "Check the address and the network; another repository's image is chosen by repository:image.";
    }
}
