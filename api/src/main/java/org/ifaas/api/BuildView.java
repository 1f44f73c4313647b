package org.ifaas.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A build: {@code GET /api/v1/builds} (without stages), {@code GET /api/v1/builds/{id}}.
 *
 * @param state QUEUED, RUNNING, SUCCEEDED, UNCHANGED, PARTIAL, FAILED or CANCELLED
 * @param reason why it ended as it did, or what one that is QUEUED waits for beside its turn
 * @param stages the fifteen of the current attempt, in order; those not begun are WAITING
 * @param release the sealed release; null before stage 10
 * @param tests what stage 9 has found; null before it has passed, or on a flavor failed
 * @param certification the steps that have to be confirmed before its release can be approved; empty in a list of builds
 * @param removed what retention has removed of it; empty in a list of builds
 */
public record BuildView(
        String id,
        BuildRequest parameters,
        String requester,
        String state,
        int attempt,
        Instant requested,
        @Nullable Instant started,
        @Nullable Instant ended,
        @Nullable String reason,
        @Nullable String commit,
        @Nullable String serial,
        List<StageView> stages,
        @Nullable ReleaseView release,
        @Nullable String unchangedSince,
        @Nullable TestsView tests,
        List<StepView> certification,
        List<RemovedView> removed) {}
