package org.ifaas.hosts.root;

import java.time.Duration;

/**
 * @param keep how many roots are kept; those that a host stands on are kept whatever their number
 * @param renewal how old a root may become before another is made, so that hosts do not start months behind
 * @param limit how long making one may take
 * @param packageCacheBytes size of the cache of packages
 */
public record RootPolicy(int keep, Duration renewal, Duration limit, long packageCacheBytes) {
    public static RootPolicy defaults() {
        return new RootPolicy(4, Duration.ofDays(7), Duration.ofMinutes(40), 2L << 30);
    }
}
