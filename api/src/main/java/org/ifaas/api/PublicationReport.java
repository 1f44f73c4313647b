package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/publications/{build}}.
 *
 * @param region null for the token's own
 * @param nonce of the approval by which it was done
 * @param state VERIFIED, PUBLISHED or FAILED
 * @param reason why it FAILED
 */
public record PublicationReport(
        @Nullable String region,
        String nonce,
        String state,
        @Nullable String reason) {}
