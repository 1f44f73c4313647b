package org.ifaas.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/tokens}.
 *
 * @param name of lower-case letters, digits, dots and hyphens
 * @param roles such as {@code requester}
 * @param images patterns of the images that it is for, such as {@code debian-*}; null for all
 * @param region whose publications it is for, with the role {@code region-publisher}
 * @param expires after how long: {@code 12h}, {@code 90d} or ISO 8601; null for the configured time
 */
public record TokenRequest(
        @Nullable String name,
        @Nullable List<String> roles,
        @Nullable List<String> images,
        @Nullable String region,
        @Nullable String expires) {}
