package org.ifaas.store.queue;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Threads that end at once when their scheduler stops; left to itself it waits a second for some and for ever for others. */
class Stopping extends ThreadPoolExecutor {
    private final Runnable atEnd;

    private Stopping(int threads, String name, Runnable atEnd) {
        super(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name(name + "-", 0).daemon().factory());
        this.atEnd = atEnd;
    }

    /** The thread that looks for what is due: woken at the end, rather than interrupted while it asks the database. */
    static ExecutorService woken(String name, Runnable wake) {
        return new Stopping(1, name, wake);
    }

    /**
     * The threads that do the work: interrupted. They are no virtual threads: their connections outlive an interrupt.
     *
     * @param afterEach done when one of them is free again
     */
    static ExecutorService interrupted(String name, int threads, Runnable afterEach) {
        return new Stopping(threads, name, () -> {}) {
            @Override
            protected void afterExecute(Runnable work, @Nullable Throwable thrown) {
                afterEach.run();
            }

            @Override
            public void shutdown() {
                shutdownNow();
            }
        };
    }

    @Override
    public void shutdown() {
        super.shutdown();
        atEnd.run();
    }
}
