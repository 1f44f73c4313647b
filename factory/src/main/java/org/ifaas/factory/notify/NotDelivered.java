package org.ifaas.factory.notify;

/** A notice did not get through; it is tried again. Its message names whom it was for, what went wrong and the mend. */
public final class NotDelivered extends Exception {
    private static final long serialVersionUID = 1L;

    public NotDelivered(String message, Throwable cause) {
        super(message, cause);
    }

    public NotDelivered(String message) {
        super(message);
    }
}
