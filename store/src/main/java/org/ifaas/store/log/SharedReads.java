package org.ifaas.store.log;

import java.util.LinkedHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What many ask for at the same moment is read once for all of them, by the first. Its newest answers are remembered. */
final class SharedReads<Q, A> {
    private static final int KEPT = 32;

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Q, FutureTask<A>> newest = new LinkedHashMap<>();

    /** @param question whose answer is always the same */
    A answer(Q question, Supplier<A> read) throws InterruptedException {
        while (true) {
            var mine = new FutureTask<>(read::get);
            var shared = asked(question, mine);
            if (shared == null) {
                mine.run();
                shared = mine;
            }
            try {
                return shared.get();
            } catch (ExecutionException e) {
                forget(question, shared);
                if (shared == mine) {
                    throw e.getCause() instanceof RuntimeException failed ? failed : new IllegalStateException(e);
                }
                // Another's failure, such as that it was interrupted, is not everybody's: it is read again.
            }
        }
    }

    /** Who has asked the same before, and still reads or was remembered; null when nobody has. */
    private @Nullable FutureTask<A> asked(Q question, FutureTask<A> mine) {
        lock.lock();
        try {
            var before = newest.putIfAbsent(question, mine);
            if (newest.size() > KEPT) {
                newest.pollFirstEntry();
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    private void forget(Q question, FutureTask<A> failed) {
        lock.lock();
        try {
            newest.remove(question, failed);
        } finally {
            lock.unlock();
        }
    }
}
