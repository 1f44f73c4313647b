package org.ifaas.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/requests/{build}/approve}.
 *
 * @param sha256 digest of the image that was looked at: where the build has another one by now, nothing is approved
 * @param without regions in which the image stays private; null for none
 */
public record Approve(@Nullable String sha256, @Nullable List<String> without) {}
