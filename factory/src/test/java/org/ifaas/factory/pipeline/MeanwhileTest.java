package org.ifaas.factory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MeanwhileTest {
    @Test
    void itRunsBesideTheRestAndGivesItsResult() throws Exception {
        var met = new CountDownLatch(1);
        try (var meanwhile = new Meanwhile<>(() -> {
            met.await();
            return "result";
        })) {
            met.countDown();
            assertThat(meanwhile.result()).isEqualTo("result");
        }
    }

    @Test
    void itsFailureIsThrownWhereItsResultIsWanted() {
        var failure = new StageFailure(Blame.IMAGE, "it does not boot", "Mend it.");
        try (var meanwhile = new Meanwhile<>(() -> {
            throw failure;
        })) {
            assertThatThrownBy(meanwhile::result).isSameAs(failure);
        }
    }

    @Test
    void closingEndsItAndWaitsUntilItHasTidiedUp() {
        var begun = new CountDownLatch(1);
        var tidy = new AtomicBoolean();
        try (var meanwhile = new Meanwhile<>(() -> {
            try {
                begun.countDown();
                new CountDownLatch(1).await();
                return "never";
            } finally {
                tidy.set(true);
            }
        })) {
            begun.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(tidy).isTrue();
    }

    @Test
    void theInterruptOfTheRestIsKept() throws Exception {
        var kept = new AtomicBoolean();
        var rest = Thread.ofVirtual().start(() -> {
            Thread.currentThread().interrupt();
            try (var meanwhile = new Meanwhile<>(() -> "result")) {
                assertThat(meanwhile).isNotNull();
            }
            kept.set(Thread.currentThread().isInterrupted());
        });
        rest.join();
        assertThat(kept).isTrue();
    }
}
