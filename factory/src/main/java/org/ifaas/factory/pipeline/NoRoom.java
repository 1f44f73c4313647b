package org.ifaas.factory.pipeline;

/**
 * Nothing is wrong, but there is no room now for what a stage makes: a quota is full, of which the message names what is used and
 * its limit. The build waits in the queue, and goes on by itself when there is room.
 */
public final class NoRoom extends StageFailure {
    private static final long serialVersionUID = 1L;

    public NoRoom(String message, String mend) {
        super(Blame.CLOUD, message, mend);
    }
}
