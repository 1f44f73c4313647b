package org.ifaas.factory.notify;

import java.util.Locale;

/** What there is to hear of. */
public enum EventKind {
    /** A build has ended, and no attempt is left. */
    FAILED,
    /** A build of an image is good again, and the one heard of before had failed. */
    FIXED,
    /** A release waits for somebody with the right to publish it. */
    WAITING_FOR_APPROVAL,
    /** An image is public in all its regions. */
    PUBLISHED,
    /** A build host that its requester keeps has been there for too long. */
    HOST_KEPT_TOO_LONG,
    /** A schedule starts no more builds: too many in a row have failed. */
    SCHEDULE_PAUSED;

    /** As programs read it: {@code waiting-for-approval}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
