package org.ifaas.factory.publish;

import java.time.Duration;

/**
 * @param fourEyes whether the requester of a build may not approve its publication
 * @param approvalValid how long an approval can be acted on
 * @param retry how long the factory leaves a region of its own alone that has failed
 */
public record PublicationPolicy(boolean fourEyes, Duration approvalValid, Duration retry) {
    public static PublicationPolicy defaults() {
        return new PublicationPolicy(false, Duration.ofDays(7), Duration.ofMinutes(5));
    }
}
