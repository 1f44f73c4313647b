package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/** Body of {@code POST /api/v1/requests/{build}/approve} and {@code …/reject}. */
public record Decision(@Nullable String reason) {}
