package org.ifaas.release.qcow2;

/** What a header says that a finished image must not. */
final class NotAllowed extends Exception {
    private static final long serialVersionUID = 1L;

    NotAllowed(String why) {
        super(why);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
