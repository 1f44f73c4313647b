package org.ifaas.server.api;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/**
 * What regions and clouds are asked for a page, of which each may take minutes to say that it is down. All are asked beside each
 * other; what is still being asked is not asked again; and what was said is kept for a while.
 */
public final class Inquiries<T> {
    /** Of each region or cloud. */
    private static final int AT_ONCE = 4;

    private final InquiryPolicy policy;
    private final InstantSource clock;
    private final Map<String, Semaphore> lanes = new HashMap<>();
    private final Map<Key, Inquiry> known = new HashMap<>();

    public Inquiries(InquiryPolicy policy, InstantSource clock) {
        this.policy = policy;
        this.clock = clock;
    }

    /** What one that may not answer is asked. */
    @FunctionalInterface
    public interface Question<T> {
        T ask() throws StageFailure, InterruptedException;
    }

    /**
     * @param value null where it is not known
     * @param problem why it is not known; empty where it is
     */
    public record Answer<T>(@Nullable T value, String problem) {}

    private record Key(String whom, String what) {}

    /**
     * Begins to ask, unless that was asked already and is not too old.
     *
     * @param whom for people, such as {@code region west}
     * @param what tells the questions to one apart
     */
    public synchronized Inquiry ask(String whom, String what, Question<T> question) {
        var now = clock.instant();
        known.values().removeIf(inquiry -> inquiry.isOld(now));
        return known.computeIfAbsent(
                new Key(whom, what),
                _ -> new Inquiry(whom, question, lanes.computeIfAbsent(whom, _ -> new Semaphore(AT_ONCE))));
    }

    /** Begins to ask each of them, in that order. */
    public <S> List<Map.Entry<S, Inquiry>> each(Collection<S> them, Function<S, Inquiry> ask) {
        return them.stream().map(one -> Map.entry(one, ask.apply(one))).toList();
    }

    private record Said<T>(Answer<T> answer, Instant at) {}

    /** A question on its way. */
    public final class Inquiry {
        private final String whom;
        private final long begun = System.nanoTime();
        private final CompletableFuture<Said<T>> said = new CompletableFuture<>();

        private Inquiry(String whom, Question<T> question, Semaphore lane) {
            this.whom = whom;
            Thread.ofVirtual().name("asks " + whom).start(() -> {
                try {
                    lane.acquire();
                    try {
                        said.complete(new Said<>(answered(question), clock.instant()));
                    } finally {
                        lane.release();
                    }
                } catch (InterruptedException | RuntimeException | Error e) {
                    said.completeExceptionally(e);
                }
            });
        }

        private boolean isOld(Instant now) {
            return said.isCompletedExceptionally()
                    || said.isDone() && !said.join().at().plus(policy.kept()).isAfter(now);
        }

        /** As soon as it is there; where patience is over since it was asked, without a value. */
        public Answer<T> answer() throws InterruptedException {
            long left = policy.patience().toNanos() - (System.nanoTime() - begun);
            try {
                return said.get(Math.max(0, left), TimeUnit.NANOSECONDS).answer();
            } catch (TimeoutException e) {
                return new Answer<>(null, whom + " does not answer");
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException failed ? failed : new IllegalStateException(e);
            }
        }
    }

    private static <T> Answer<T> answered(Question<T> question) throws InterruptedException {
        try {
            return new Answer<>(question.ask(), "");
        } catch (StageFailure e) {
            return new Answer<>(null, e.getMessage() + ". " + e.mend());
        }
    }
}
