package org.ifaas.factory.pipeline;

/** Hands builds to nodes, each to one at a time and never more than the limit at once; dead nodes' builds are handed on. */
public interface BuildQueue {
    /** Returns when the build is durably queued. No effect when it is queued or running already. */
    void enqueue(BuildId build);
}
