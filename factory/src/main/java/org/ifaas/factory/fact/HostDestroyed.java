package org.ifaas.factory.fact;

import java.time.Instant;
import org.ifaas.factory.pipeline.Fact;
import org.jspecify.annotations.Nullable;

/**
 * Stage 15: the host is gone, or kept until a stated time because the requester asked.
 *
 * @param keptUntil null when it is gone
 */
public record HostDestroyed(@Nullable Instant keptUntil) implements Fact {}
