package org.ifaas.factory.publish;

/** An image that may not become public: it, its release or its approval is not what it has to be. Nothing was changed. */
public final class NotApproved extends Exception {
    private static final long serialVersionUID = 1L;

    static final String ANEW = "Have it approved again: 'ifaas approve BUILD'.";

    private final String mend;

    public NotApproved(String why, String mend) {
        super(why);
        this.mend = mend;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public String mend() {
        return mend;
    }
}
