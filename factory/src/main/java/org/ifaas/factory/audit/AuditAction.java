package org.ifaas.factory.audit;

import java.util.Locale;

/** What somebody may decide, and who came to decide it. */
public enum AuditAction {
    ARTIFACTS_REMOVED,
    BUILD_ASKED,
    BUILD_CANCELLED,
    BUILD_RETRIED,
    HOST_KEPT,
    HOST_DESTROYED,
    LOGS_REMOVED,
    PUBLICATION_APPROVED,
    PUBLICATION_REJECTED,
    APPROVAL_VOIDED,
    PUBLISHED,
    RELEASE_RESIGNED,
    STEP_CONFIRMED,
    STEP_REFUSED,
    SCHEDULE_PAUSED,
    SCHEDULE_RESUMED,
    SCHEDULE_CHANGED,
    SCHEDULE_REMOVED,
    SIGNED_IN,
    SIGN_IN_FAILED,
    SIGNED_OUT,
    TOKEN_CREATED,
    TOKEN_REVOKED,
    PASSWORD_CHANGED,
    BACKUP_TAKEN,
    SHUTDOWN_ASKED;

    /** As it is written down: {@code publication-approved}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
