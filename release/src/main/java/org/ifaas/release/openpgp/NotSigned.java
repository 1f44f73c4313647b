package org.ifaas.release.openpgp;

/** A content that none of the pinned keys has signed as it has to be. */
public final class NotSigned extends Exception {
    private static final long serialVersionUID = 1L;

    public NotSigned(String why) {
        super(why);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
