package org.ifaas.factory.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import org.ifaas.factory.definition.ImagePatterns;
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
        return PublicationRequest.pending(
                id,
                "debian-12",
                "20261122.1",
                "Standard_Debian_12_amd64_bios",
                "ab".repeat(32),
                List.of(new ImageRef("north", "id-1"), new ImageRef("south", "id-2")),
                "anna",
                at);
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
        assertThat(requests().list(RequestSelection.ALL, 10))
                .extracting(PublicationRequest::id)
                .containsExactly(two.build(), one.build());
        requests().decide(two.build(), State.PENDING, State.REJECTED, "bea", "four-eyes", "too big", T0);
        assertThat(requests().list(RequestSelection.ALL.in(State.PENDING), 10))
                .extracting(PublicationRequest::id)
                .containsExactly(one.build());
        assertThat(requests()
                        .list(RequestSelection.ALL.in(State.REJECTED), 10)
                        .getFirst()
                        .reason())
                .isEqualTo("too big");
    }

    @Test
    default void a_list_is_read_on_from_where_a_page_ended_and_holds_the_wanted_images() {
        var older = lease();
        var one = lease();
        var two = lease();
        requests().create(older, request(older.build(), T0));
        requests().create(one, request(one.build(), T0.plusSeconds(1)));
        requests().create(two, request(two.build(), T0.plusSeconds(1))); // at the same time: by id
        var page = requests().list(RequestSelection.ALL, 2);
        assertThat(page).extracting(PublicationRequest::id).containsExactlyInAnyOrder(one.build(), two.build());
        assertThat(requests().list(RequestSelection.ALL.after(page.getFirst().id()), 2))
                .extracting(PublicationRequest::id)
                .containsExactly(page.getLast().id(), older.build());
        var image = page.getFirst().image();
        assertThat(requests().list(RequestSelection.ALL.among(ImagePatterns.of(List.of(image))), 10))
                .hasSize(3);
        assertThat(requests().list(RequestSelection.ALL.among(ImagePatterns.of(List.of("no-" + image))), 10))
                .isEmpty();
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

    private static SignedApproval approval(Instant issued, String nonce) {
        return new SignedApproval(
                "{\"payload\": \"ä\"}\n", "A".repeat(40), issued, issued.plusSeconds(60), nonce.repeat(32));
    }

    @Test
    default void an_approval_is_kept_with_the_state_of_each_region_and_a_new_one_begins_anew() {
        var lease = lease();
        var id = lease.build();
        requests().create(lease, request(id, T0));
        var approved = requests().approve(id, approval(T0.plusSeconds(1), "a"), "bea", "four-eyes");
        assertThat(approved.state()).isEqualTo(State.APPROVED);
        assertThat(approved.decidedBy()).isEqualTo("bea");
        assertThat(approved.how()).isEqualTo("four-eyes");
        assertThat(approved.decided()).isEqualTo(T0.plusSeconds(1));
        assertThat(approved.approval()).isEqualTo(approval(T0.plusSeconds(1), "a"));
        assertThat(approved.regions())
                .containsExactly(
                        new RegionPublication("north", RegionState.WAITING, null, T0.plusSeconds(1)),
                        new RegionPublication("south", RegionState.WAITING, null, T0.plusSeconds(1)));
        assertThat(requests().find(id)).contains(approved);
        assertThat(requests().list(RequestSelection.ALL.in(State.APPROVED), 10)).containsExactly(approved);

        var failed = requests().region(id, "a".repeat(32), "south", RegionState.FAILED, "down", T0.plusSeconds(2));
        assertThat(failed.in("south"))
                .contains(new RegionPublication("south", RegionState.FAILED, "down", T0.plusSeconds(2)));
        assertThat(failed.in("north")).isEqualTo(approved.in("north"));

        var again = requests().approve(id, approval(T0.plusSeconds(9), "b"), "eve", "four-eyes");
        assertThat(again.decidedBy()).isEqualTo("eve");
        assertThat(again.regions()).allMatch(region -> region.state() == RegionState.WAITING);
        assertThatThrownBy(() -> requests().region(id, "a".repeat(32), "south", RegionState.VERIFIED, null, T0))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> requests().region(id, "b".repeat(32), "east", RegionState.VERIFIED, null, T0))
                .isInstanceOf(IllegalStateException.class);
        assertThat(requests().find(id)).contains(again);
    }

    @Test
    default void a_region_that_an_approval_leaves_out_is_in_none_of_its_states() {
        var lease = lease();
        var id = lease.build();
        requests().create(lease, request(id, T0));
        var first = approval(T0.plusSeconds(1), "a");
        var fewer = new SignedApproval(
                first.envelope(), first.key(), first.issued(), first.expires(), first.nonce(), List.of("south"));
        var approved = requests().approve(id, fewer, "bea", "four-eyes");
        assertThat(approved.leftOut()).containsExactly("south");
        assertThat(approved.regions()).extracting(RegionPublication::region).containsExactly("north");
        assertThat(requests().find(id)).contains(approved);
        assertThatThrownBy(() -> requests().region(id, first.nonce(), "south", RegionState.VERIFIED, null, T0))
                .isInstanceOf(IllegalStateException.class);

        requests().region(id, first.nonce(), "north", RegionState.PUBLISHED, null, T0.plusSeconds(2));
        var published = requests().decide(id, State.APPROVED, State.PUBLISHED, null, null, null, T0.plusSeconds(3));
        assertThat(requests().create(lease, request(id, T0.plusSeconds(4)))).isEqualTo(published);
        var another =
                requests().create(lease, with(published, new ImageRef("north", "id-1"), new ImageRef("south", "id-9")));
        assertThat(another.regions()).as("a new copy of what is left out").isEqualTo(published.regions());

        var more = requests().approve(id, approval(T0.plusSeconds(9), "b"), "eve", "four-eyes");
        assertThat(more.state()).isEqualTo(State.APPROVED);
        assertThat(more.leftOut()).isEmpty();
        assertThat(more.regions()).hasSize(2).allMatch(region -> region.state() == RegionState.WAITING);
    }

    @Test
    default void an_approval_that_is_void_is_taken_back_and_what_is_public_stays_so() {
        var lease = lease();
        var id = lease.build();
        requests().create(lease, request(id, T0));
        requests().approve(id, approval(T0.plusSeconds(1), "a"), "bea", "four-eyes");
        requests().region(id, "a".repeat(32), "north", RegionState.PUBLISHED, null, T0.plusSeconds(2));
        assertThatThrownBy(() -> requests().reopen(id, "b".repeat(32), "new", "why", T0))
                .isInstanceOf(IllegalStateException.class);

        var again = requests().reopen(id, "a".repeat(32), "new", "sealed anew", T0.plusSeconds(3));
        assertThat(again.state()).isEqualTo(State.PENDING);
        assertThat(again.approval()).isNull();
        assertThat(again.how()).isNull();
        assertThat(again.reason()).isEqualTo("sealed anew");
        assertThat(again.decidedBy()).isEqualTo("bea");
        assertThat(again.regions())
                .containsExactly(new RegionPublication("north", RegionState.PUBLISHED, null, T0.plusSeconds(2)));
        assertThat(requests().find(id)).contains(again);
        assertThat(requests().newestPublic("Standard_Debian_12_amd64_bios")).contains(again);
        assertThatThrownBy(() -> requests().reopen(id, "a".repeat(32), "new", "why", T0))
                .isInstanceOf(IllegalStateException.class);

        var approved = requests().approve(id, approval(T0.plusSeconds(9), "c"), "eve", "four-eyes");
        assertThat(approved.reason()).isNull();
        assertThat(approved.regions()).hasSize(2).allMatch(region -> region.state() == RegionState.WAITING);
    }

    @Test
    default void a_retry_that_made_another_image_asks_for_that_one_until_the_first_is_public() {
        var lease = lease();
        var id = lease.build();
        var first = requests().create(lease, request(id, T0));
        var other = PublicationRequest.pending(
                id,
                first.image(),
                first.serial(),
                first.publishAs(),
                "cd".repeat(32),
                List.of(new ImageRef("north", "id-3")),
                first.requester(),
                T0.plusSeconds(5));
        var now = requests().create(lease, other);
        assertThat(now.sha256()).isEqualTo(other.sha256());
        assertThat(now.images()).isEqualTo(other.images());
        assertThat(now.requested()).isEqualTo(T0);
        requests().decide(id, State.PENDING, State.REJECTED, "bea", null, "no", T0);
        assertThat(requests().create(lease, first).sha256()).isEqualTo(other.sha256());
    }

    private static PublicationRequest with(PublicationRequest first, ImageRef... images) {
        return PublicationRequest.pending(
                first.id(),
                first.image(),
                first.serial(),
                first.publishAs(),
                first.sha256(),
                List.of(images),
                first.requester(),
                T0.plusSeconds(9));
    }

    private PublicationRequest published(Lease lease) {
        var id = lease.build();
        requests().create(lease, request(id, T0));
        requests().approve(id, approval(T0.plusSeconds(1), "a"), "bea", "four-eyes");
        for (var region : List.of("north", "south")) {
            requests().region(id, "a".repeat(32), region, RegionState.PUBLISHED, null, T0.plusSeconds(2));
        }
        return requests().decide(id, State.APPROVED, State.PUBLISHED, null, null, null, T0.plusSeconds(3));
    }

    @Test
    default void what_is_published_stays_so_when_a_retry_asks_for_the_same_again() {
        var lease = lease();
        var published = published(lease);
        assertThat(requests().create(lease, request(lease.build(), T0.plusSeconds(9))))
                .isEqualTo(published);
        assertThat(requests().find(lease.build())).contains(published);
        assertThat(published.isPublic()).isTrue();
    }

    @Test
    default void a_region_that_got_another_copy_of_what_is_published_waits_for_it() {
        var lease = lease();
        var published = published(lease);
        var north = published.in("north").orElseThrow();
        var again =
                requests().create(lease, with(published, new ImageRef("north", "id-1"), new ImageRef("south", "id-9")));
        assertThat(again.state()).isEqualTo(State.APPROVED);
        assertThat(again.isPublic()).isTrue();
        assertThat(again.approval()).isEqualTo(published.approval());
        assertThat(again.images()).contains(new ImageRef("south", "id-9"));
        assertThat(again.regions())
                .containsExactly(north, new RegionPublication("south", RegionState.WAITING, null, T0.plusSeconds(9)));
        assertThat(requests().find(lease.build())).contains(again);

        var pending = requests().reopen(lease.build(), "a".repeat(32), "what", "why", T0.plusSeconds(10));
        assertThat(pending.regions()).containsExactly(north);
        var lost =
                requests().create(lease, with(published, new ImageRef("north", "id-8"), new ImageRef("south", "id-9")));
        assertThat(lost.state()).isEqualTo(State.PENDING);
        assertThat(lost.regions()).isEmpty();
        assertThat(requests().find(lease.build())).contains(lost);
    }

    @Test
    default void what_an_older_factory_has_published_waits_for_somebody_when_it_has_another_copy() {
        var lease = lease();
        requests().create(lease, request(lease.build(), T0));
        requests().decide(lease.build(), State.PENDING, State.APPROVED, "bea", "four-eyes", null, T0);
        var old = requests().decide(lease.build(), State.APPROVED, State.PUBLISHED, null, null, null, T0);
        var again = requests().create(lease, with(old, new ImageRef("north", "id-1"), new ImageRef("south", "id-9")));
        assertThat(again.state()).isEqualTo(State.PENDING);
        assertThat(again.how()).isNull();
        assertThat(again.isPublic()).isTrue();
        assertThat(again.regions()).containsExactly(new RegionPublication("north", RegionState.PUBLISHED, null, T0));
        assertThat(requests().find(lease.build())).contains(again);
    }

    @Test
    default void a_build_is_overtaken_by_a_younger_one_that_is_public_under_its_name() {
        var one = lease();
        var two = BuildId.random();
        journal().create(two, Parameters.of("debian-12"), "anna", T0.plusSeconds(1));
        // A build that was partial may ask long after a younger one.
        var older = requests().create(one, request(one.build(), T0.plusSeconds(9)));
        var younger = requests().create(journal().take(two, T0), request(two, T0.plusSeconds(5)));
        assertThat(requests().overtaken(older.id(), older.publishAs())).isFalse();
        requests().approve(two, approval(T0.plusSeconds(2), "b"), "bea", "four-eyes");
        requests().region(two, "b".repeat(32), "south", RegionState.PUBLISHED, null, T0.plusSeconds(3));
        assertThat(requests().overtaken(older.id(), older.publishAs())).isTrue();
        assertThat(requests().overtaken(older.id(), "Standard_Debian_13")).isFalse();
        assertThat(requests().overtaken(younger.id(), younger.publishAs())).isFalse();
    }

    @Test
    default void what_is_published_in_a_region_stays_so_and_the_newest_of_a_name_is_known() {
        var one = lease();
        var two = lease();
        for (var lease : List.of(one, two)) {
            requests().create(lease, request(lease.build(), T0));
        }
        requests().approve(one.build(), approval(T0.plusSeconds(1), "a"), "bea", "four-eyes");
        requests().approve(two.build(), approval(T0.plusSeconds(2), "b"), "bea", "four-eyes");
        assertThat(requests().newestPublic("Standard_Debian_12_amd64_bios")).isEmpty();
        requests().region(one.build(), "a".repeat(32), "north", RegionState.PUBLISHED, null, T0.plusSeconds(3));
        var stays = requests().region(one.build(), "a".repeat(32), "north", RegionState.FAILED, "x", T0.plusSeconds(4));
        assertThat(stays.in("north"))
                .contains(new RegionPublication("north", RegionState.PUBLISHED, null, T0.plusSeconds(3)));
        assertThat(requests().newestPublic("Standard_Debian_12_amd64_bios")).contains(stays);
        requests().region(two.build(), "b".repeat(32), "south", RegionState.PUBLISHED, null, T0.plusSeconds(5));
        assertThat(requests().newestPublic("Standard_Debian_12_amd64_bios"))
                .map(PublicationRequest::id)
                .contains(two.build());
        assertThat(requests().newestPublic("Standard_Debian_13")).isEmpty();
        assertThatThrownBy(() -> {
                    requests().decide(one.build(), State.APPROVED, State.REJECTED, "eve", null, "no", T0);
                    requests().approve(one.build(), approval(T0, "c"), "bea", "four-eyes");
                })
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void what_was_public_once_is_known_as_such_whatever_becomes_of_it() {
        var lease = lease();
        var id = lease.build();
        requests().create(lease, request(id, T0));
        requests().approve(id, approval(T0, "a"), "bea", "four-eyes");
        requests().region(id, "a".repeat(32), "north", RegionState.VERIFIED, null, T0);
        assertThat(requests().wasPublic(id)).isFalse();
        requests().region(id, "a".repeat(32), "north", RegionState.PUBLISHED, null, T0);
        requests().region(id, "a".repeat(32), "south", RegionState.PUBLISHED, null, T0);
        requests().decide(id, State.APPROVED, State.PUBLISHED, null, null, null, T0);
        assertThat(requests().wasPublic(id)).isTrue();
        var copies = List.of(new ImageRef("north", "id-3"), new ImageRef("south", "id-4"));
        var again = requests()
                .create(
                        lease,
                        PublicationRequest.pending(
                                id,
                                "debian-12",
                                "20261122.1",
                                "Standard_Debian_12_amd64_bios",
                                "ab".repeat(32),
                                copies,
                                "anna",
                                T0));
        assertThat(again.isPublic()).as("all regions had lost it").isFalse();
        assertThat(requests().wasPublic(id)).isTrue();
        assertThat(requests().wasPublic(BuildId.random())).isFalse();
    }

    @Test
    default void nobody_decides_about_a_request_that_is_not_there() {
        assertThatThrownBy(
                        () -> requests().decide(BuildId.random(), State.PENDING, State.APPROVED, "bea", null, null, T0))
                .isInstanceOf(NoSuchElementException.class);
    }
}
