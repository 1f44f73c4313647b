package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/builds/{id}/retry}.
 *
 * @param from name of the stage from which on everything is made again; null to make again what is missing
 */
public record RetryRequest(@Nullable String from) {}
