package org.ifaas.factory.notify;

import java.util.List;

/** A notice did not get through; it is tried again. Its message names whom it was for, what went wrong and the mend. */
public final class NotDelivered extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> rest;

    public NotDelivered(String message, Throwable cause) {
        this(message, List.of(), cause);
    }

    /** @param rest whom alone it has not reached; empty when it has reached nobody of those whom it was for */
    public NotDelivered(String message, List<String> rest, Throwable cause) {
        super(message, cause);
        this.rest = List.copyOf(rest);
    }

    public NotDelivered(String message) {
        super(message);
        this.rest = List.of();
    }

    List<String> rest() {
        return rest;
    }
}
