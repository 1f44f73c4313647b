package org.ifaas.server.api;

import java.time.Duration;

/**
 * @param patience how long a page, a list or the metrics wait for what regions and clouds say
 * @param kept how long what was said of regions is kept
 */
public record InquiryPolicy(Duration patience, Duration kept) {
    public static InquiryPolicy defaults() {
        return new InquiryPolicy(Duration.ofSeconds(2), Duration.ofSeconds(30));
    }

    /** For what has to be as it is now. */
    public InquiryPolicy keepingNothing() {
        return new InquiryPolicy(patience, Duration.ZERO);
    }
}
