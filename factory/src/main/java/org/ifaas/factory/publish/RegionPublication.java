package org.ifaas.factory.publish;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An approved image in one of its regions.
 *
 * @param reason why it FAILED; null otherwise
 * @param changed when it became so, or was last tried
 */
public record RegionPublication(
        String region, RegionState state, @Nullable String reason, Instant changed) {}
