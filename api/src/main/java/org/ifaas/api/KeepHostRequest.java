package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/builds/{id}/keep-host}.
 *
 * @param keepHost for how long after the build, such as 4h; null to destroy the host at once
 */
public record KeepHostRequest(@Nullable String keepHost) {}
