package org.ifaas.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentTest {
    private final BlockingQueue<Integer> figures = new LinkedBlockingQueue<>();
    private final InstantSource clock = () -> this.now;
    private volatile Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private Recent<Integer> recent;

    @BeforeEach
    void nobodyHasAskedYet() {
        recent = new Recent<>(this::figure, clock);
    }

    private int figure() {
        try {
            int figure = figures.take();
            if (figure < 0) {
                throw new IllegalStateException("no database");
            }
            return figure;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsOlderThanAMinuteIsGivenAsItIsWhileItIsFoundOutAnew() {
        figures.add(1);
        assertThat(recent.get()).isEqualTo(1);
        now = now.plus(Duration.ofSeconds(61));
        assertThat(recent.get()).isEqualTo(1); // and would wait for ever, if it waited
        figures.add(2);
        while (recent.get() == 1) {
            Thread.onSpinWait();
        }
        assertThat(recent.get()).isEqualTo(2);
        assertThat(figures).isEmpty();
    }

    @Test
    void forWhatIsOlderThanTenMinutesOneWaits() {
        figures.add(1);
        recent.get();
        now = now.plus(Duration.ofMinutes(11));
        figures.add(2);
        assertThat(recent.get()).isEqualTo(2);
    }

    @Test
    void aFailureReachesWhoeverWaitsAndIsForgotten() {
        figures.add(-1);
        assertThatThrownBy(recent::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no database");
        figures.add(1);
        assertThat(recent.get()).isEqualTo(1);
    }
}
