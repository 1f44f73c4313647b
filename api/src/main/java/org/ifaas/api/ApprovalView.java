package org.ifaas.api;

import java.time.Instant;

/**
 * A signed approval.
 *
 * @param envelope an in-toto statement in a DSSE envelope, as JSON; what stands beside it is also in it
 * @param key fingerprint of the factory's approval key
 */
public record ApprovalView(String envelope, String key, Instant issued, Instant expires, String nonce) {}
