package org.ifaas.storage;

import java.time.Duration;

/**
 * @param leftover how old an unfinished file must be before it is taken for a leftover of a crash and removed
 * @param reserve bytes that are always kept free, so that journal and logs can go on
 */
public record StorePolicy(Duration leftover, long reserve) {
    public static StorePolicy defaults() {
        return new StorePolicy(Duration.ofDays(1), 64L << 20);
    }
}
