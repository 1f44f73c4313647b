package org.ifaas.store.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * What many ask for at about the same time is done for all of them at once: in one statement, or in one transaction with
 * one wait for the disk.
 */
public final class Together<Q, A> {
    private final int most;
    private final Duration gather;
    private final Function<List<Q>, List<A>> round;
    private final ConcurrentLinkedQueue<Asked<Q, A>> waiting = new ConcurrentLinkedQueue<>();
    /** Those who wait for an answer. While there are any, one thread is at work. */
    private final AtomicInteger asking = new AtomicInteger();

    private record Asked<Q, A>(Q question, CompletableFuture<A> answer) {}

    /**
     * @param most questions of one round
     * @param gather how long a round waits for more of them; those that come while one is at work are in the next in any case
     * @param round answers in the order of the questions; what it throws is thrown to all of them
     */
    public Together(int most, Duration gather, Function<List<Q>, List<A>> round) {
        this.most = most;
        this.gather = gather;
        this.round = round;
    }

    /** Returns when it has been done; no interrupt ends the waiting. */
    public A ask(Q question) {
        var mine = new Asked<>(question, new CompletableFuture<A>());
        waiting.add(mine);
        if (asking.getAndIncrement() == 0) {
            Thread.ofVirtual().name("together").start(this::work);
        }
        try {
            return mine.answer().join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    private void work() {
        int answered;
        do {
            LockSupport.parkNanos(gather.toNanos());
            answered = answerSome();
        } while (asking.addAndGet(-answered) > 0);
    }

    private int answerSome() {
        var asked = new ArrayList<Asked<Q, A>>();
        for (var next = waiting.poll(); next != null; next = asked.size() < most ? waiting.poll() : null) {
            asked.add(next);
        }
        try {
            var answers = round.apply(asked.stream().map(Asked::question).toList());
            for (int i = 0; i < asked.size(); i++) {
                asked.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error e) {
            asked.forEach(one -> one.answer().completeExceptionally(e));
        }
        return asked.size();
    }
}
