package org.ifaas.factory.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** A queue for tests that need no database: one node, first come, first served, forgotten at its end. */
public final class InMemoryBuildQueue implements BuildQueue, AutoCloseable {
    private final Consumer<BuildId> handler;
    private final int limit;
    private final Deque<BuildId> queued = new ArrayDeque<>();
    private final Set<BuildId> running = new HashSet<>();
    private final Set<Thread> threads = new HashSet<>();

    public InMemoryBuildQueue(Consumer<BuildId> handler, int limit) {
        this.handler = handler;
        this.limit = limit;
    }

    @Override
    public synchronized void enqueue(BuildId build) {
        if (!queued.contains(build) && !running.contains(build)) {
            queued.add(build);
            next();
        }
    }

    private void next() {
        if (running.size() < limit && !queued.isEmpty()) {
            var build = queued.remove();
            running.add(build);
            threads.add(Thread.startVirtualThread(() -> carry(build)));
        }
    }

    private void carry(BuildId build) {
        try {
            handler.accept(build);
        } finally {
            synchronized (this) {
                running.remove(build);
                threads.remove(Thread.currentThread());
                next();
            }
        }
    }

    @Override
    public synchronized void close() {
        queued.clear();
        threads.forEach(Thread::interrupt);
    }
}
