package org.ifaas.api;

import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/audit/verify}: whether the audit log is whole.
 *
 * @param entries how many hold, from the first on
 * @param head hash of the last that holds
 * @param brokenAt number of the first that does not; null when all hold
 * @param why what is wrong with it
 */
public record AuditVerdict(
        boolean whole,
        long entries,
        String head,
        @Nullable Long brokenAt,
        @Nullable String why) {}
