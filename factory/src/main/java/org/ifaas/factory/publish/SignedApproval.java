package org.ifaas.factory.publish;

import java.time.Instant;
import java.util.List;

/**
 * An approval as it is kept and handed on. What stands beside the envelope is for showing and finding it: who acts on it reads
 * the envelope.
 *
 * @param envelope an in-toto statement in a DSSE envelope, as JSON
 * @param key fingerprint of the approval key
 * @param without regions that it leaves out, by name
 */
public record SignedApproval(
        String envelope, String key, Instant issued, Instant expires, String nonce, List<String> without) {
    public SignedApproval {
        without = List.copyOf(without);
    }

    /** Of all regions. */
    public SignedApproval(String envelope, String key, Instant issued, Instant expires, String nonce) {
        this(envelope, key, issued, expires, nonce, List.of());
    }
}
