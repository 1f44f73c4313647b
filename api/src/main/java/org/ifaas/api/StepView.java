package org.ifaas.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step of a release's certification: {@code GET /api/v1/certification/{build}}.
 *
 * @param title what is confirmed
 * @param who should confirm it; empty when the definition does not say
 * @param state OPEN, CONFIRMED or REFUSED
 * @param by who has confirmed or refused it
 * @param evidence a file in the artifact store, or an address
 * @param evidenceSha256 of the file
 */
public record StepView(
        String name,
        String title,
        String who,
        String state,
        @Nullable String by,
        @Nullable Instant at,
        @Nullable String note,
        @Nullable String evidence,
        @Nullable String evidenceSha256) {}
