package org.ifaas.store.queue;

import org.ifaas.factory.pipeline.BuildId;

/** Carries a build to its end. */
@FunctionalInterface
public interface Carrier {
    /**
     * Returns when the build has ended, or another node has taken it over.
     *
     * @throws InterruptedException when this node stops; the build is handed on
     */
    void carry(BuildId build) throws InterruptedException;

    /** Whether what it needs is on this node's machine, so that another node could only begin it anew. */
    default boolean isOfThisMachine(BuildId build) {
        return false;
    }
}
