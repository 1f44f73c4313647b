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
    private static final Instant LATER = T0.plus(Duration.ofMinutes(3));
    private static final StoredAnswer ANSWER = new StoredAnswer(201, "application/json", "/there", "{}");

    protected AnswersOnPostgres(TestServer server) {
        super(server);
    }

    private static Carried carried(PostgresAnswers.Begun begun) {
        assertThat(begun).isInstanceOf(Carried.class);
        return (Carried) begun;
    }

    @Test
    void one_that_was_answered_is_known_with_its_answer_to_who_asked_and_nobody_else() {
        var answers = store.answers(Duration.ofDays(1));
        var carried = carried(answers.begin("anna", "k", "cancel", T0));
        assertThat(answers.begin("anna", "k", "cancel", T0)).isEqualTo(new Known("cancel", null, false));
        carried.end(ANSWER);
        assertThat(answers.begin("anna", "k", "other", T0.plusSeconds(3600)))
                .isEqualTo(new Known("cancel", ANSWER, false));
        carried(answers.begin("bea", "k", "cancel", T0));
        carried(answers.begin("anna", "l", "cancel", T0));
    }

    @Test
    void one_that_came_to_nothing_is_carried_out_anew() {
        var answers = store.answers(Duration.ofDays(1));
        carried(answers.begin("anna", "k", "cancel", T0)).forget();
        var carried = carried(answers.begin("anna", "k", "other", T0));
        carried.end(ANSWER);
        carried.forget();
        assertThat(answers.begin("anna", "k", "other", T0)).isEqualTo(new Known("other", ANSWER, false));
    }

    @Test
    void one_whose_node_has_died_before_it_took_effect_is_taken_over_and_no_other_request_is() {
        var answers = store.answers(Duration.ofDays(1));
        answers.begin("anna", "k", "cancel", T0);
        assertThat(answers.begin("anna", "k", "other", LATER)).isEqualTo(new Known("cancel", null, false));
        carried(answers.begin("anna", "k", "cancel", LATER));
        assertThat(answers.begin("anna", "k", "cancel", LATER)).isEqualTo(new Known("cancel", null, false));
    }

    @Test
    void a_node_that_was_only_slow_lets_it_take_no_effect_any_more() {
        var answers = store.answers(Duration.ofDays(1));
        var slow = carried(answers.begin("anna", "k", "cancel", T0));
        var other = carried(answers.begin("anna", "k", "cancel", LATER));
        assertThat(slow.takesEffect()).isFalse();
        slow.end(ANSWER);
        slow.forget();
        assertThat(answers.begin("anna", "k", "cancel", LATER)).isEqualTo(new Known("cancel", null, false));
        assertThat(other.takesEffect()).isTrue();
    }

    @Test
    void what_has_taken_effect_is_begun_by_nobody_again() {
        var answers = store.answers(Duration.ofDays(1));
        var carried = carried(answers.begin("anna", "k", "cancel", T0));
        assertThat(carried.takesEffect()).isTrue();
        assertThat(answers.begin("anna", "k", "cancel", T0)).isEqualTo(new Known("cancel", null, false));
        assertThat(answers.begin("anna", "k", "cancel", LATER)).isEqualTo(new Known("cancel", null, true));
        assertThat(carried.takesEffect()).isTrue();
    }

    @Test
    void after_a_day_a_key_is_free_again() {
        var answers = store.answers(Duration.ofDays(1));
        var carried = carried(answers.begin("anna", "k", "cancel", T0));
        carried.takesEffect();
        carried.end(ANSWER);
        answers.remove(T0.plus(Duration.ofHours(23)));
        assertThat(answers.begin("anna", "k", "cancel", T0.plus(Duration.ofHours(23))))
                .isEqualTo(new Known("cancel", ANSWER, false));
        carried(answers.begin("anna", "k", "other", T0.plus(Duration.ofHours(25))))
                .end(ANSWER);
        answers.remove(T0.plus(Duration.ofHours(50)));
        carried(answers.begin("anna", "k", "third", T0.plus(Duration.ofHours(25))));
    }

    @Test
    void of_many_at_once_one_is_carried_out() throws Exception {
        var answers = store.answers(Duration.ofDays(1));
        try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = all.invokeAll(IntStream.range(0, 20)
                    .<Callable<Boolean>>mapToObj(i -> () -> answers.begin("anna", "k", "cancel", T0) instanceof Carried)
                    .toList());
            int carriedOut = 0;
            for (var one : begun) {
                carriedOut += one.get() ? 1 : 0;
            }
            assertThat(carriedOut).isEqualTo(1);
        }
    }
}
