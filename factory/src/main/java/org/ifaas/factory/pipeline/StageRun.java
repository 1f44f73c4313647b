package org.ifaas.factory.pipeline;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stage of one attempt, as the journal has it.
 *
 * @param blame who has to act; null unless failed
 * @param message what happened, or what was found; null when there is nothing to say
 * @param mend what to do next; null unless failed
 */
public record StageRun(
        BuildId build,
        int attempt,
        StageName stage,
        StageState state,
        @Nullable Instant started,
        @Nullable Instant ended,
        @Nullable Blame blame,
        @Nullable String message,
        @Nullable String mend) {}
