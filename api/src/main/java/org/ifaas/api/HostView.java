package org.ifaas.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/hosts}.
 *
 * @param kind CONTAINER or QEMU
 * @param build the build it was spawned for; null when none is known
 * @param ssh a command line that reaches it
 * @param keptUntil null unless its requester keeps it
 */
public record HostView(
        String name,
        String kind,
        String detail,
        @Nullable String build,
        @Nullable String ssh,
        @Nullable Instant spawned,
        @Nullable Instant keptUntil) {}
