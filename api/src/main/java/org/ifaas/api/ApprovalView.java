package org.ifaas.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A signed approval.
 *
 * @param envelope an in-toto statement in a DSSE envelope, as JSON; what stands beside it is also in it
 * @param key fingerprint of the factory's approval key
 * @param without regions that it leaves out, in which the image stays private; null from an older factory
 */
public record ApprovalView(
        String envelope,
        String key,
        Instant issued,
        Instant expires,
        String nonce,
        @Nullable List<String> without) {}
