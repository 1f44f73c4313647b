package org.ifaas.factory.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.StageName;
import org.junit.jupiter.api.Test;

/** What all {@link Outbox}es keep. */
public interface OutboxContract {
    Instant T0 = Instant.parse("2026-11-22T10:00:00.123456Z");
    Duration LEASE = Duration.ofMinutes(5);
    List<String> BOTH = List.of("mail", "webhook-a");

    Outbox outbox();

    static Event failed(String build) {
        return Event.ended(EventKind.FAILED, "debian-12", new BuildId(build), 1, T0);
    }

    static Notice notice(Event event) {
        return new Notice(
                event,
                List.of("owner@example.org"),
                List.of("team@example.org"),
                null,
                "anna",
                null,
                "Test image: \"no\" kernel",
                new Notice.Failure(StageName.TEST_IMAGE, Blame.IMAGE, "no kernel", "Add one.", List.of("a", "b ä")),
                List.of("region-a/1"),
                null,
                List.of("ifaas show b9v8qs38"));
    }

    @Test
    default void an_event_that_is_noticed_twice_is_one_event() {
        assertThat(outbox().add(failed("b9v8qs38"))).isTrue();
        assertThat(outbox().add(failed("b9v8qs38"))).isFalse();
        assertThat(outbox().unsettled(10)).containsExactly(failed("b9v8qs38"));
    }

    @Test
    default void what_is_settled_is_due_once_by_each_channel_and_reads_as_it_was_written() {
        var notice = notice(failed("b9v8qs38"));
        outbox().add(notice.event());
        outbox().settle(notice, BOTH, T0);
        outbox().settle(notice, BOTH, T0);

        assertThat(outbox().unsettled(10)).isEmpty();
        assertThat(outbox().claim(BOTH, T0, T0.plus(LEASE), 10))
                .containsExactlyInAnyOrder(
                        new Delivery(notice, "mail", 1, T0), new Delivery(notice, "webhook-a", 1, T0));
    }

    @Test
    default void what_is_claimed_is_nobody_elses_until_the_claim_is_over() {
        settled("b9v8qs38");
        assertThat(outbox().claim(BOTH, T0, T0.plus(LEASE), 1)).hasSize(1);
        assertThat(outbox().claim(BOTH, T0, T0.plus(LEASE), 10)).hasSize(1);
        assertThat(outbox().claim(BOTH, T0, T0.plus(LEASE), 10)).isEmpty();
        assertThat(outbox().claim(BOTH, T0.plus(LEASE), T0.plus(LEASE).plus(LEASE), 10))
                .hasSize(2)
                .allMatch(delivery -> delivery.tries() == 2);
    }

    @Test
    default void a_channel_that_is_not_asked_for_keeps_what_it_has_for_later() {
        settled("b9v8qs38");
        assertThat(outbox().claim(List.of("mail"), T0, T0.plus(LEASE), 10)).hasSize(1);
        assertThat(outbox().claim(List.of("webhook-a"), T0, T0.plus(LEASE), 10)).hasSize(1);
    }

    @Test
    default void what_has_arrived_or_is_given_up_is_never_due_again() {
        settled("b9v8qs38");
        var claimed = outbox().claim(BOTH, T0, T0.plus(LEASE), 10);
        outbox().arrived(claimed.get(0), T0);
        outbox().giveUp(claimed.get(1), "no such host", T0);
        assertThat(outbox().claim(BOTH, T0.plus(Duration.ofDays(9)), T0.plus(Duration.ofDays(10)), 10))
                .isEmpty();
    }

    @Test
    default void what_is_put_off_is_due_when_its_time_has_come() {
        settled("b9v8qs38");
        var later = T0.plusSeconds(30);
        outbox().claim(BOTH, T0, T0.plus(LEASE), 10)
                .forEach(delivery -> outbox().putOff(delivery, "connection refused", List.of(), later));
        assertThat(outbox().claim(BOTH, later.minusSeconds(1), later.plus(LEASE), 10))
                .isEmpty();
        assertThat(outbox().claim(BOTH, later, later.plus(LEASE), 10)).hasSize(2);
    }

    @Test
    default void what_has_reached_some_is_due_again_for_the_rest() {
        settled("b9v8qs38");
        var rest = List.of("\"late, very\"@example.org", "team@example.org");
        var claimed = outbox().claim(List.of("mail"), T0, T0.plus(LEASE), 1).getFirst();
        assertThat(claimed.rest()).isEmpty();
        outbox().putOff(claimed, "busy", rest, T0);
        var again = outbox().claim(List.of("mail"), T0, T0.plus(LEASE), 1).getFirst();
        assertThat(again.rest()).isEqualTo(rest);
        outbox().putOff(again, "busy", List.of(), T0);
        assertThat(outbox().claim(List.of("mail"), T0, T0.plus(LEASE), 1)
                        .getFirst()
                        .rest())
                .isEmpty();
    }

    @Test
    default void a_node_that_took_too_long_puts_nothing_off_but_is_believed_that_it_arrived() {
        settled("b9v8qs38");
        var slow = outbox().claim(List.of("mail"), T0, T0.plus(LEASE), 10).getFirst();
        var after = T0.plus(LEASE);
        outbox().claim(List.of("mail"), after, after.plus(LEASE), 10);
        outbox().putOff(slow, "slow", List.of(), T0);
        assertThat(outbox().claim(List.of("mail"), after, after.plus(LEASE), 10))
                .isEmpty();
        outbox().arrived(slow, after);
        assertThat(outbox().claim(List.of("mail"), after.plus(LEASE), after.plus(LEASE), 10))
                .isEmpty();
    }

    private void settled(String build) {
        var notice = notice(failed(build));
        outbox().add(notice.event());
        outbox().settle(notice, BOTH, T0);
    }
}
