package org.ifaas.hosts.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Supplier;

/** Waits for what another process does. */
final class Eventually {
    private Eventually() {}

    interface Condition<E extends Exception> {
        boolean holds() throws E;
    }

    static <E extends Exception> void within(Duration limit, Supplier<String> what, Condition<E> condition)
            throws E, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what.get()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
