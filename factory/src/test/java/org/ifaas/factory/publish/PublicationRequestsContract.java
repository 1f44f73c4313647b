package org.ifaas.factory.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.pipeline.LeaseLost;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.junit.jupiter.api.Test;

/** What all {@link PublicationRequests} keep. */
public interface PublicationRequestsContract {
    Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    /** The same for a whole test. */
    Journal journal();

    PublicationRequests requests();

    private Lease lease() {
        var id = BuildId.random();
        journal().create(id, Parameters.of("debian-12"), "anna", T0);
        return journal().take(id, T0);
    }

    private static PublicationRequest request(BuildId id, Instant at) {
        return new PublicationRequest(
                id,
                "debian-12",
                "20261122.1",
                "Standard_Debian_12_amd64_bios",
                "ab".repeat(32),
                List.of(new ImageRef("north", "id-1"), new ImageRef("south", "id-2")),
                "anna",
                State.PENDING,
                at,
                null,
                null,
                null,
                null);
    }

    @Test
    default void a_request_is_recorded_once_and_stays_as_it_is() {
        var lease = lease();
        var first = requests().create(lease, request(lease.build(), T0));
        assertThat(first).isEqualTo(request(lease.build(), T0));
        assertThat(requests().create(lease, request(lease.build(), T0.plusSeconds(5))))
                .isEqualTo(first);
        assertThat(requests().find(lease.build())).contains(first);
        assertThat(requests().find(BuildId.random())).isEmpty();
    }

    @Test
    default void whoever_lost_the_lease_records_no_request() {
        var old = lease();
        journal().take(old.build(), T0);
        assertThatThrownBy(() -> requests().create(old, request(old.build(), T0)))
                .isInstanceOf(LeaseLost.class);
        assertThat(requests().find(old.build())).isEmpty();
    }

    @Test
    default void requests_are_listed_by_state_newest_first() {
        var one = lease();
        var two = lease();
        requests().create(one, request(one.build(), T0));
        requests().create(two, request(two.build(), T0.plusSeconds(1)));
        assertThat(requests().list(null)).extracting(PublicationRequest::id).containsExactly(two.build(), one.build());
        requests().decide(two.build(), State.PENDING, State.REJECTED, "bea", "four-eyes", "too big", T0);
        assertThat(requests().list(State.PENDING))
                .extracting(PublicationRequest::id)
                .containsExactly(one.build());
        assertThat(requests().list(State.REJECTED).getFirst().reason()).isEqualTo("too big");
    }

    @Test
    default void a_decision_is_taken_once_and_publishing_keeps_who_approved() {
        var lease = lease();
        var id = lease.build();
        requests().create(lease, request(id, T0));
        var approved =
                requests().decide(id, State.PENDING, State.APPROVED, "bea", "four-eyes", null, T0.plusSeconds(1));
        assertThat(approved.state()).isEqualTo(State.APPROVED);
        assertThat(approved.decidedBy()).isEqualTo("bea");
        assertThat(approved.how()).isEqualTo("four-eyes");
        assertThat(approved.decided()).isEqualTo(T0.plusSeconds(1));
        assertThatThrownBy(() -> requests().decide(id, State.PENDING, State.REJECTED, "eve", "x", null, T0))
                .isInstanceOf(IllegalStateException.class);
        var published = requests().decide(id, State.APPROVED, State.PUBLISHED, null, null, null, T0.plusSeconds(2));
        assertThat(published.state()).isEqualTo(State.PUBLISHED);
        assertThat(published.decidedBy()).isEqualTo("bea");
        assertThat(published.how()).isEqualTo("four-eyes");
        assertThat(published.decided()).isEqualTo(T0.plusSeconds(1));
        assertThat(requests().find(id)).contains(published);
    }

    @Test
    default void nobody_decides_about_a_request_that_is_not_there() {
        assertThatThrownBy(
                        () -> requests().decide(BuildId.random(), State.PENDING, State.APPROVED, "bea", null, null, T0))
                .isInstanceOf(NoSuchElementException.class);
    }
}
