package org.ifaas.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedReadsTest {
    private final SharedReads<String, Integer> reads = new SharedReads<>();
    private final AtomicInteger read = new AtomicInteger();

    @Test
    void manyWhoAskTheSameAtOnceHaveItFromOneRead() throws Exception {
        var asked = new CountDownLatch(100);
        try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 100; i++) {
                answers.add(each.submit(() -> {
                    asked.countDown();
                    return reads.answer("tail", () -> {
                        await(asked);
                        return read.incrementAndGet();
                    });
                }));
            }
            for (var answer : answers) {
                assertThat(answer.get()).isEqualTo(1);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anotherQuestionIsReadAndOldAnswersAreForgotten() throws Exception {
        assertThat(reads.answer("0", read::incrementAndGet)).isEqualTo(1);
        assertThat(reads.answer("0", read::incrementAndGet)).isEqualTo(1);
        for (int i = 1; i <= 40; i++) {
            reads.answer("" + i, read::incrementAndGet);
        }
        assertThat(read).hasValue(41);
        assertThat(reads.answer("0", read::incrementAndGet)).isEqualTo(42);
    }

    @Test
    void aFailureIsForgotten() throws Exception {
        assertThatThrownBy(() -> reads.answer("tail", () -> {
                    throw new IllegalStateException("no database");
                }))
                .hasMessage("no database");
        assertThat(reads.answer("tail", read::incrementAndGet)).isEqualTo(1);
    }
}
