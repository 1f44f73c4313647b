package org.ifaas.server.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time goes on when a test says so. */
public final class SettableClock implements InstantSource {
    private volatile Instant now;

    public SettableClock(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    public void forward(Duration duration) {
        now = now.plus(duration);
    }
}
