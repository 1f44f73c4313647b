package org.ifaas.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TogetherTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<Integer> rounds = new ConcurrentLinkedQueue<>();

    /** Its first round waits; who asks for zero is refused, and so is all of its round. */
    private List<String> round(List<Integer> numbers) {
        rounds.add(numbers.size());
        begun.countDown();
        try {
            mayEnd.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (numbers.contains(0)) {
            throw new IllegalArgumentException("zero");
        }
        return numbers.stream().map(number -> "no. " + number).toList();
    }

    private record Asking(Thread thread, FutureTask<String> answer) {}

    private static Asking ask(Together<Integer, String> together, int number) {
        var answer = new FutureTask<>(() -> together.ask(number));
        return new Asking(Thread.startVirtualThread(answer), answer);
    }

    /** The first is at work, and the others wait for it. */
    private List<Asking> ask(Together<Integer, String> together, int first, IntStream others) throws Exception {
        var asking = new ArrayList<Asking>();
        asking.add(ask(together, first));
        begun.await();
        others.forEach(number -> asking.add(ask(together, number)));
        while (!asking.stream().allMatch(one -> one.thread().getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
        mayEnd.countDown();
        return asking;
    }

    @Test
    void what_is_asked_for_while_a_round_is_at_work_is_done_in_one_and_each_gets_its_own_answer() throws Exception {
        var together = new Together<>(10, Duration.ZERO, this::round);
        var asking = ask(together, 1, IntStream.rangeClosed(2, 14));
        for (int i = 0; i < asking.size(); i++) {
            assertThat(asking.get(i).answer().get()).isEqualTo("no. " + (i + 1));
        }
        assertThat(rounds).as("of ten at most").containsExactly(1, 10, 3);
    }

    @Test
    void what_a_round_throws_is_thrown_to_all_who_asked_in_it_and_to_nobody_else() throws Exception {
        var together = new Together<>(10, Duration.ZERO, this::round);
        var asking = ask(together, 1, IntStream.of(0, 2));
        assertThat(asking.getFirst().answer().get()).isEqualTo("no. 1");
        for (var one : asking.subList(1, 3)) {
            assertThatThrownBy(() -> one.answer().get())
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("zero");
        }
        assertThat(together.ask(3)).isEqualTo("no. 3");
    }
}
