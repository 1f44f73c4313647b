package org.ifaas.server.login;

import java.time.Duration;

/**
 * @param lifetime of a token for which none is asked
 * @param longest that may be asked
 */
public record TokenPolicy(Duration lifetime, Duration longest) {
    public static TokenPolicy defaults() {
        return new TokenPolicy(Duration.ofDays(90), Duration.ofDays(366));
    }
}
