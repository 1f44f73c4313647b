package org.ifaas.factory.pipeline;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Part of a stage's work beside the rest of it. Closing ends it and waits until it has ended. */
public final class Meanwhile<T> implements AutoCloseable {
    /** Such a part of the work. */
    public interface Work<T> {
        T run() throws StageFailure, InterruptedException;
    }

    private final FutureTask<T> task;
    private final Thread thread;

    public Meanwhile(Work<T> work) {
        task = new FutureTask<>(work::run);
        thread = Thread.ofVirtual()
                .name(Thread.currentThread().getName() + "-meanwhile")
                .start(task);
    }

    /** Waits at most so long; whether it has ended. */
    public boolean ended(Duration atMost) throws InterruptedException {
        return thread.join(atMost);
    }

    /** Waits for its result; what it threw is thrown here. */
    public T result() throws StageFailure, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case StageFailure failure -> throw failure;
                case InterruptedException interrupted -> throw interrupted;
                case LeaseLost lost -> throw lost;
                case JournalAway away -> throw away;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    @Override
    public void close() {
        task.cancel(true);
        boolean interrupted = Thread.interrupted();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
