package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/builds/{id}/retry}.
 *
 * @param from name of the stage from which on everything is made again; null to make again what is missing
 * @param attempt the one that is to be tried again; nothing happens when the build is further already, so that a request whose
 *     answer got lost can be sent again; null for whichever is the last
 */
public record RetryRequest(@Nullable String from, @Nullable Integer attempt) {}
