package org.ifaas.store.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.notify.Event;
import org.ifaas.factory.notify.EventKind;
import org.ifaas.factory.notify.Outbox;
import org.ifaas.factory.notify.OutboxContract;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.ifaas.factory.publish.SignedApproval;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.Test;

public abstract class OutboxOnPostgres extends StoreTest implements OutboxContract {
    private Instant now = T0;

    protected OutboxOnPostgres(TestServer server) {
        super(server);
    }

    @Override
    public Outbox outbox() {
        return store.outbox();
    }

    private Lease build(BuildId id) {
        now = now.plusSeconds(60);
        store.journal().create(id, Parameters.of("debian-12"), "anna", now);
        return store.journal().take(id, now);
    }

    private BuildId end(BuildState state) {
        var id = BuildId.random();
        store.journal().end(build(id), state, "so it is", now);
        return id;
    }

    private List<String> told() {
        return outbox().unsettled(100).stream().map(Event::key).toList();
    }

    @Test
    void a_build_that_fails_is_an_event_with_its_end_and_one_that_does_not_is_none() {
        end(BuildState.SUCCEEDED);
        end(BuildState.CANCELLED);
        var failed = end(BuildState.FAILED);
        assertThat(outbox().unsettled(10)).containsExactly(Event.ended(EventKind.FAILED, "debian-12", failed, 1, now));
    }

    @Test
    void a_request_that_can_not_be_met_is_news_to_nobody_but_who_asked() {
        var id = BuildId.random();
        var lease = build(id);
        store.journal().start(lease, StageName.INITIALIZE, now);
        store.journal()
                .ended(lease, StageName.INITIALIZE, StageState.FAILED, Blame.REQUEST, "no such ref", "Another.", now);
        store.journal().end(lease, BuildState.FAILED, "no such ref", now);
        assertThat(told()).isEmpty();
    }

    @Test
    void the_first_good_build_after_failures_says_that_the_image_is_fixed_and_no_other() {
        var first = end(BuildState.FAILED);
        var second = end(BuildState.FAILED);
        end(BuildState.CANCELLED);
        var good = end(BuildState.SUCCEEDED);
        end(BuildState.SUCCEEDED);
        assertThat(told()).containsExactly("failed/" + first + "/1", "failed/" + second + "/1", "fixed/" + good + "/1");
    }

    @Test
    void a_retry_that_succeeds_has_fixed_what_its_own_first_attempt_failed() {
        var id = end(BuildState.FAILED);
        now = now.plusSeconds(60);
        store.journal().reopen(id, Set.of(), now);
        store.journal().end(store.journal().take(id, now), BuildState.SUCCEEDED, null, now);
        assertThat(told()).containsExactly("failed/" + id + "/1", "fixed/" + id + "/2");
    }

    @Test
    void a_request_for_publication_and_its_publication_are_one_event_each() {
        var id = BuildId.random();
        var lease = build(id);
        var request = PublicationRequest.pending(
                id, "debian-12", "20261122.1", "Debian", "ab", List.of(new ImageRef("north", "1")), "anna", now);
        store.requests().create(lease, request);
        store.requests().create(lease, request);
        store.requests().decide(id, State.PENDING, State.APPROVED, "bea", "four-eyes", null, now);
        store.requests().decide(id, State.APPROVED, State.PUBLISHED, "bea", "four-eyes", null, now);
        assertThat(told()).containsExactlyInAnyOrder("waiting-for-approval/" + id, "published/" + id);
    }

    @Test
    void a_release_whose_approval_is_void_is_told_of_again() {
        var id = BuildId.random();
        var images = List.of(new ImageRef("north", "1"));
        store.requests()
                .create(
                        build(id),
                        PublicationRequest.pending(id, "debian-12", "1", "Debian", "ab", images, "anna", now));
        var approval = new SignedApproval("{}", "A", now, now.plusSeconds(60), "a");
        store.requests().approve(id, approval, "bea", "four-eyes");
        store.requests().reopen(id, "a", "cd", "sealed anew", now.plusSeconds(1));
        assertThat(told())
                .containsExactlyInAnyOrder("waiting-for-approval/" + id, "waiting-for-approval/" + id + "/cd");
        assertThat(outbox().unsettled(100)).last().extracting(Event::detail).isEqualTo("sealed anew");
    }

    @Test
    void what_is_due_is_due_after_a_restart() {
        outbox().add(OutboxContract.failed("b9v8qs38"));
        outbox().settle(OutboxContract.notice(OutboxContract.failed("b9v8qs38")), BOTH, T0);
        try (var restarted = open("node-2", () -> T0)) {
            assertThat(restarted.outbox().claim(BOTH, T0, T0.plus(LEASE), 10)).hasSize(2);
        }
    }
}
