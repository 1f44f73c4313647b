package org.ifaas.openstack.client;

import java.time.Duration;

/** Waits; a test's returns at once. */
@FunctionalInterface
public interface Pause {
    void of(Duration time) throws InterruptedException;

    Pause REAL = Thread::sleep;
}
