package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/requests/{build}/approve}.
 *
 * @param sha256 digest of the image that was looked at: where the build has another one by now, nothing is approved
 */
public record Approve(@Nullable String sha256) {}
