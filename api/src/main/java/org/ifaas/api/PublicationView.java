package org.ifaas.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a region's publisher: {@code GET /api/v1/publications}, {@code POST /api/v1/publications/{build}}.
 *
 * @param checksums the release's SHA256SUMS; null when they can't be read now
 * @param signature of them, armored
 * @param statements that came after the release's seal, as DSSE envelopes; null when they can't be read now, and from an
 *     older factory
 */
public record PublicationView(
        RequestView request,
        @Nullable String checksums,
        @Nullable String signature,
        @Nullable List<String> statements) {}
