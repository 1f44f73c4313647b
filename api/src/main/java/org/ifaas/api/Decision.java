package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/v1/requests/{build}/reject}. */
public record Decision(@Nullable String reason) {}
