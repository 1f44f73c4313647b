package org.ifaas.factory.handover;

/** What bytes pass on, and a test can cut. */
public interface Way {
    /** Ends all connections once, when so many more bytes have passed, either way. */
    void cutAfter(long bytes);

    /** Whether that has happened. */
    boolean wasCut();

    /** Bytes that have passed, either way. */
    long carried();
}
