package org.ifaas.factory.pipeline;

/** Where a build stands. */
public enum BuildState {
    /** Waits for its turn under the limit of parallel builds, or for a quota that is full. */
    QUEUED,
    /** A node carries it through the stages. */
    RUNNING,
    /** All that was asked for is true. */
    SUCCEEDED,
    /** Nothing to do: the last good release has the same inputs. */
    UNCHANGED,
    /** All is made and proven, but a region has no copy of the image: a retry copies to what is missing. */
    PARTIAL,
    /** A stage failed and its attempts are used up. */
    FAILED,
    /** Somebody cancelled it. */
    CANCELLED;

    /** Whether nothing more happens unless somebody asks for a retry. */
    public boolean ended() {
        return this != QUEUED && this != RUNNING;
    }

    public boolean good() {
        return this == SUCCEEDED || this == UNCHANGED;
    }

    /** Whether its private images are still wanted. */
    public boolean keepsImages() {
        return this != FAILED && this != CANCELLED;
    }
}
