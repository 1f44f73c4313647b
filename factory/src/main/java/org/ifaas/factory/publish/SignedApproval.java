package org.ifaas.factory.publish;

import java.time.Instant;

/**
 * An approval as it is kept and handed on. What stands beside the envelope is for showing and finding it: who acts on it reads
 * the envelope.
 *
 * @param envelope an in-toto statement in a DSSE envelope, as JSON
 * @param key fingerprint of the approval key
 */
public record SignedApproval(String envelope, String key, Instant issued, Instant expires, String nonce) {}
