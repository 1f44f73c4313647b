package org.ifaas.factory.pipeline;

/** Hands builds to nodes, each to one at a time and never more than the limit at once; dead nodes' builds are handed on. */
public interface BuildQueue {
    /**
     * Returns when the build is durably queued. One that waits for room is looked at now; no effect when it runs, or waits for
     * its turn.
     */
    void enqueue(BuildId build);
}
