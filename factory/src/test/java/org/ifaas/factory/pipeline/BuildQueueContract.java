package org.ifaas.factory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every {@link BuildQueue} keeps. */
public interface BuildQueueContract {
    /** A queue that has started; the test's own clean-up closes it. */
    BuildQueue queue(Consumer<BuildId> handler, int limit);

    private static BuildId next(BlockingQueue<BuildId> began) throws InterruptedException {
        var id = began.poll(30, TimeUnit.SECONDS);
        assertThat(id).as("a build began within 30 s").isNotNull();
        return Objects.requireNonNull(id);
    }

    @Test
    default void every_build_is_handed_over_once_and_in_order_under_a_limit_of_one() throws Exception {
        var began = new LinkedBlockingQueue<BuildId>();
        var queue = queue(began::add, 1);
        var expected = new ArrayList<BuildId>();
        var handed = new ArrayList<BuildId>();
        for (int i = 0; i < 3; i++) {
            expected.add(BuildId.random());
            queue.enqueue(expected.getLast());
            handed.add(next(began));
        }
        assertThat(handed).isEqualTo(expected);
    }

    @Test
    default void no_more_than_the_limit_run_at_once_and_the_others_follow() throws Exception {
        var began = new LinkedBlockingQueue<BuildId>();
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        var go = new Semaphore(0);
        var queue = queue(
                id -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    began.add(id);
                    go.acquireUninterruptibly();
                    now.decrementAndGet();
                },
                2);
        var all = List.of(BuildId.random(), BuildId.random(), BuildId.random(), BuildId.random(), BuildId.random());
        all.forEach(queue::enqueue);
        var handed = new ArrayList<BuildId>();
        handed.add(next(began));
        handed.add(next(began));
        for (int i = 2; i < all.size(); i++) {
            assertThat(began).isEmpty();
            go.release();
            handed.add(next(began));
        }
        go.release(2);
        assertThat(handed).containsExactlyInAnyOrderElementsOf(all);
        assertThat(most.get()).isEqualTo(2);
    }

    @Test
    default void enqueueing_a_build_that_is_queued_or_running_has_no_effect() throws Exception {
        var began = new LinkedBlockingQueue<BuildId>();
        var go = new Semaphore(0);
        var times = new ConcurrentHashMap<BuildId, Integer>();
        var queue = queue(
                id -> {
                    times.merge(id, 1, Integer::sum);
                    began.add(id);
                    go.acquireUninterruptibly();
                },
                1);
        var running = BuildId.random();
        var queued = BuildId.random();
        var last = BuildId.random();
        queue.enqueue(running);
        assertThat(next(began)).isEqualTo(running);
        queue.enqueue(queued);
        queue.enqueue(running);
        queue.enqueue(queued);
        queue.enqueue(last);
        go.release(2);
        var rest = List.of(next(began), next(began));
        go.release();
        assertThat(rest).containsExactlyInAnyOrder(queued, last);
        assertThat(times).containsOnly(Map.entry(running, 1), Map.entry(queued, 1), Map.entry(last, 1));
    }
}
