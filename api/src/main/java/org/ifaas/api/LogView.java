package org.ifaas.api;

/**
 * {@code GET /api/v1/builds/{id}/logs/{stage}?attempt=&offset=&wait=}.
 *
 * @param next offset to read on from, in bytes
 * @param open whether more may come
 */
public record LogView(String text, long next, boolean open) {}
