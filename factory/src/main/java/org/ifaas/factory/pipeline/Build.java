package org.ifaas.factory.pipeline;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of the pipeline for one image definition at one commit, as the journal has it.
 *
 * @param attempt counts from 1; a retry is a new attempt
 * @param requester who asked for it
 * @param reason why it ended as it did, or what one that is QUEUED waits for beside its turn, for people; null while it goes on
 * @param cancelRequested whether somebody wants it to end
 */
public record Build(
        BuildId id,
        Parameters parameters,
        String requester,
        BuildState state,
        int attempt,
        Instant requested,
        @Nullable Instant started,
        @Nullable Instant ended,
        @Nullable String reason,
        boolean cancelRequested) {}
