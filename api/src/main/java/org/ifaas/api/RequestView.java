package org.ifaas.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A publication request: {@code GET /api/v1/requests}, {@code POST /api/v1/requests/{build}/approve}, {@code …/reject}.
 *
 * @param publishAs the public name without its suffix: {@code _latest}, later {@code _prev1} and {@code _prev2}
 * @param state PENDING, APPROVED, PUBLISHED or REJECTED
 * @param images {@code region/id}, one a region
 * @param how four-eyes, self-approved or approved by policy
 * @param approval null before it, and where an older factory has approved it
 * @param regions those of the approval; empty before it
 * @param certification the steps that have to be confirmed before it can be approved
 */
public record RequestView(
        String build,
        String image,
        String serial,
        String publishAs,
        String sha256,
        List<String> images,
        String requester,
        String state,
        Instant requested,
        @Nullable String decidedBy,
        @Nullable Instant decided,
        @Nullable String how,
        @Nullable String reason,
        @Nullable ApprovalView approval,
        List<Region> regions,
        List<StepView> certification) {
    /**
     * How far it has come in one region.
     *
     * @param state WAITING, VERIFIED, PUBLISHED or FAILED
     * @param reason why it FAILED
     */
    public record Region(
            String region, String state, @Nullable String reason, Instant changed) {}
}
