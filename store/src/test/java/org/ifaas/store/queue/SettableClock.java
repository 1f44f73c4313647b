package org.ifaas.store.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time as a test wants it. */
final class SettableClock implements InstantSource {
    private volatile Instant now;

    SettableClock(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    void pass(Duration duration) {
        now = now.plus(duration);
    }
}
