package org.ifaas.api;

import java.time.Instant;
import java.util.Map;

/**
 * One decision: {@code GET /api/v1/audit}, newest first.
 *
 * @param number from 1, without gaps
 * @param previous hash of the entry before
 * @param hash SHA-256 over this entry and that hash
 */
public record AuditView(
        long number,
        Instant at,
        String who,
        String action,
        String object,
        Map<String, String> details,
        String previous,
        String hash) {}
