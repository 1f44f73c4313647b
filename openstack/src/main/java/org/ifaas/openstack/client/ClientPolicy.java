package org.ifaas.openstack.client;

import java.time.Duration;

/**
 * How patient the client is.
 *
 * @param connect for one connection
 * @param answer until the head of an answer is there, counted from the end of the request
 * @param stall how long an upload may stand still before it is taken for cut
 * @param attempts how often one request is sent at most, where it may be repeated
 * @param pause before the second attempt; doubled before each further one, unless the service says Retry-After
 * @param longestPause the most of either; a service that asks for more has failed
 * @param renewBefore how long before its end a token is renewed
 */
public record ClientPolicy(
        Duration connect,
        Duration answer,
        Duration stall,
        int attempts,
        Duration pause,
        Duration longestPause,
        Duration renewBefore) {
    public static ClientPolicy defaults() {
        return new ClientPolicy(
                Duration.ofSeconds(10),
                Duration.ofMinutes(2),
                Duration.ofMinutes(2),
                5,
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofMinutes(5));
    }
}
