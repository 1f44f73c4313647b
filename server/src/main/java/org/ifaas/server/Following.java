package org.ifaas.server;

import java.util.concurrent.atomic.AtomicInteger;
import org.ifaas.factory.schedule.Scheduling;
import org.ifaas.factory.source.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the definitions: asks their repositories what is new, and takes over the schedules. */
final class Following {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);

    private final Repository repository;
    private final Scheduling scheduling;
    private final AtomicInteger asked = new AtomicInteger();

    Following(Repository repository, Scheduling scheduling) {
        this.repository = repository;
        this.scheduling = scheduling;
    }

    synchronized void now() {
        try {
            var unasked = repository.fetch();
            var definitions = repository.definitions();
            // Interrupted, it may have seen only some of them.
            if (!Thread.currentThread().isInterrupted()) {
                scheduling.follow(definitions, unasked);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            now();
        } catch (RuntimeException e) {
            LOG.warn("the definitions can't be followed now", e);
        }
    }

    /** Returns at once. Who asks while it goes on makes it go on once more, however many they are. */
    void soon() {
        if (asked.getAndIncrement() == 0) {
            Thread.ofVirtual().name("following").start(() -> {
                do {
                    asked.set(1);
                    look();
                } while (asked.decrementAndGet() > 0);
            });
        }
    }
}
