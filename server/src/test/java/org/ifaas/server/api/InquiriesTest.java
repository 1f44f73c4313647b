package org.ifaas.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.junit.jupiter.api.Test;

class InquiriesTest {
    private static final InquiryPolicy PATIENT = new InquiryPolicy(Duration.ofMinutes(5), Duration.ofSeconds(30));
    private final AtomicInteger asked = new AtomicInteger();
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");

    private String answer(Inquiries<String> inquiries) throws InterruptedException {
        return inquiries
                .ask("region west", "image", () -> "answer " + asked.incrementAndGet())
                .answer()
                .value();
    }

    @Test
    void whatWasSaidIsKeptForAWhile() throws Exception {
        var inquiries = new Inquiries<String>(PATIENT, () -> now);
        assertThat(answer(inquiries)).isEqualTo("answer 1");
        now = now.plusSeconds(29);
        assertThat(answer(inquiries)).isEqualTo("answer 1");
        now = now.plusSeconds(1);
        assertThat(answer(inquiries)).isEqualTo("answer 2");
    }

    @Test
    void whatHasToBeAsItIsNowIsAskedEachTime() throws Exception {
        var inquiries = new Inquiries<String>(PATIENT.keepingNothing(), () -> now);
        assertThat(answer(inquiries)).isEqualTo("answer 1");
        assertThat(answer(inquiries)).isEqualTo("answer 2");
    }

    @Test
    void oneThatDoesNotAnswerIsNotAskedAgainMeanwhileAndKeepsNoOtherWaiting() throws Exception {
        var inquiries = new Inquiries<String>(new InquiryPolicy(Duration.ZERO, Duration.ofSeconds(30)), () -> now);
        var silence = new CountDownLatch(1);
        Inquiries.Question<String> question = () -> {
            silence.await();
            return "answer " + asked.incrementAndGet();
        };
        var first = inquiries.ask("region west", "image", question);
        assertThat(first.answer()).isEqualTo(new Inquiries.Answer<>(null, "region west does not answer"));
        assertThat(inquiries.ask("region west", "image", question)).isSameAs(first);
        var other = inquiries.ask("region east", "image", () -> "east");
        while (other.answer().value() == null) {
            Thread.onSpinWait();
        }
        silence.countDown();
        while (first.answer().value() == null) {
            Thread.onSpinWait();
        }
        assertThat(first.answer().value()).isEqualTo("answer 1");
    }

    @Test
    void oneThatFailsSaysWhyAndWhatToDo() throws Exception {
        var inquiries = new Inquiries<String>(PATIENT, () -> now);
        var answer = inquiries
                .ask("region west", "image", () -> {
                    throw new StageFailure(Blame.CLOUD, "Glance says 503", "Ask its operator.");
                })
                .answer();
        assertThat(answer).isEqualTo(new Inquiries.Answer<>(null, "Glance says 503. Ask its operator."));
    }
}
