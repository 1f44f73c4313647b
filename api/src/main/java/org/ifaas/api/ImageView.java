package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/images}.
 *
 * @param error why the definition can't be read now; null when it can. What else is said of it is then as it was when it could
 * @param lastBuild the newest build of it
 * @param lastSerial serial of its newest release
 */
public record ImageView(
        String name,
        @Nullable String title,
        @Nullable String builder,
        String repository,
        boolean trusted,
        @Nullable String owner,
        @Nullable String error,
        @Nullable String lastBuild,
        @Nullable String lastState,
        @Nullable String lastSerial) {}
