package org.ifaas.factory.pipeline;

/**
 * The journal can't be reached now, or takes no more because its disk is full. Nothing is known to be wrong with any build: whoever
 * carries one lets it go, and carries it on from what the journal says when it is back.
 */
public final class JournalAway extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean full;

    public JournalAway(Throwable cause) {
        this("the database can't be reached", false, cause);
    }

    private JournalAway(String what, boolean full, Throwable cause) {
        super(what + ": " + cause.getMessage(), cause);
        this.full = full;
    }

    public static JournalAway full(Throwable cause) {
        return new JournalAway("the disk of the database is full", true, cause);
    }

    /** Whether it is there and may be read, and only has no room to write: it takes somebody who makes some. */
    public boolean isFull() {
        return full;
    }
}
