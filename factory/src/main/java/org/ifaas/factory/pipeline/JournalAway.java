package org.ifaas.factory.pipeline;

/**
 * The journal can't be reached now. Nothing is known to be wrong with any build: whoever carries one lets it go, and carries it on
 * from what the journal says when it is back.
 */
public final class JournalAway extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JournalAway(Throwable cause) {
        super("the database can't be reached: " + cause.getMessage(), cause);
    }
}
