package org.ifaas.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of {@code GET /api/v1/tokens}: with what a program asks.
 *
 * @param owner for whom the program asks
 * @param images patterns; {@code *} alone for all
 * @param state ACTIVE, EXPIRED or REVOKED
 * @param used when it was used last, to the minute or so; null when it never was
 */
public record TokenView(
        String name,
        String owner,
        List<String> roles,
        List<String> images,
        @Nullable String region,
        String state,
        Instant created,
        Instant expires,
        @Nullable Instant used,
        @Nullable Instant revoked,
        @Nullable String revokedBy) {}
