package org.ifaas.store.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;
import org.ifaas.store.answer.PostgresAnswers.Known;
import org.junit.jupiter.api.Test;

public abstract class AnswersOnPostgres extends StoreTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final StoredAnswer ANSWER = new StoredAnswer(201, "application/json", "/there", "{}");

    protected AnswersOnPostgres(TestServer server) {
        super(server);
    }

    @Test
    void one_that_was_answered_is_known_with_its_answer_to_who_asked_and_nobody_else() {
        var answers = store.answers(Duration.ofDays(1));
        assertThat(answers.begin("anna", "k", "cancel", T0)).isEmpty();
        assertThat(answers.begin("anna", "k", "cancel", T0)).contains(new Known("cancel", null));
        answers.end("anna", "k", ANSWER);
        assertThat(answers.begin("anna", "k", "other", T0.plusSeconds(3600))).contains(new Known("cancel", ANSWER));
        assertThat(answers.begin("bea", "k", "cancel", T0)).isEmpty();
        assertThat(answers.begin("anna", "l", "cancel", T0)).isEmpty();
    }

    @Test
    void one_that_came_to_nothing_is_carried_out_anew() {
        var answers = store.answers(Duration.ofDays(1));
        answers.begin("anna", "k", "cancel", T0);
        answers.forget("anna", "k");
        assertThat(answers.begin("anna", "k", "other", T0)).isEmpty();
        answers.end("anna", "k", ANSWER);
        answers.forget("anna", "k");
        assertThat(answers.begin("anna", "k", "other", T0)).contains(new Known("other", ANSWER));
    }

    @Test
    void one_whose_node_has_died_is_taken_over_and_no_other_request_is() {
        var answers = store.answers(Duration.ofDays(1));
        answers.begin("anna", "k", "cancel", T0);
        var later = T0.plus(Duration.ofMinutes(3));
        assertThat(answers.begin("anna", "k", "other", later)).contains(new Known("cancel", null));
        assertThat(answers.begin("anna", "k", "cancel", later)).isEmpty();
        assertThat(answers.begin("anna", "k", "cancel", later)).contains(new Known("cancel", null));
    }

    @Test
    void after_a_day_a_key_is_free_again() {
        var answers = store.answers(Duration.ofDays(1));
        answers.begin("anna", "k", "cancel", T0);
        answers.end("anna", "k", ANSWER);
        answers.remove(T0.plus(Duration.ofHours(23)));
        assertThat(answers.begin("anna", "k", "cancel", T0.plus(Duration.ofHours(23))))
                .contains(new Known("cancel", ANSWER));
        assertThat(answers.begin("anna", "k", "other", T0.plus(Duration.ofHours(25))))
                .isEmpty();
        answers.end("anna", "k", ANSWER);
        answers.remove(T0.plus(Duration.ofHours(50)));
        assertThat(answers.begin("anna", "k", "third", T0.plus(Duration.ofHours(25))))
                .isEmpty();
    }

    @Test
    void of_many_at_once_one_is_carried_out() throws Exception {
        var answers = store.answers(Duration.ofDays(1));
        try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = all.invokeAll(IntStream.range(0, 20)
                    .<Callable<Boolean>>mapToObj(
                            i -> () -> answers.begin("anna", "k", "cancel", T0).isEmpty())
                    .toList());
            int carriedOut = 0;
            for (var one : begun) {
                carriedOut += one.get() ? 1 : 0;
            }
            assertThat(carriedOut).isEqualTo(1);
        }
    }
}
