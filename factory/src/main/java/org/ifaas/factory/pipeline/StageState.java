package org.ifaas.factory.pipeline;

/** Where one stage of one attempt stands. */
public enum StageState {
    /** Its needs are not met yet. */
    WAITING,
    RUNNING,
    /** Its fact is true. */
    DONE,
    FAILED,
    /** Not run in this attempt: its fact stood from an earlier one, or nothing needed it any more. */
    SKIPPED,
    /** Ended because the build was cancelled or another stage failed. */
    CANCELLED;

    public boolean ended() {
        return this != WAITING && this != RUNNING;
    }
}
