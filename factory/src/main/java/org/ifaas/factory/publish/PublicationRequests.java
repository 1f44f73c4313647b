package org.ifaas.factory.publish;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Lease;
import org.jspecify.annotations.Nullable;

/** The durable publication requests. */
public interface PublicationRequests {
    /**
     * Records the request. One that is there already becomes what {@link PublicationRequest#askedAgain} says.
     *
     * @param waits whether it waits for somebody, who is told so
     */
    PublicationRequest create(Lease lease, PublicationRequest request, boolean waits);

    /** The same for one that waits for somebody. */
    default PublicationRequest create(Lease lease, PublicationRequest request) {
        return create(lease, request, true);
    }

    Optional<PublicationRequest> find(BuildId id);

    /** Newest first. */
    List<PublicationRequest> list(RequestSelection which, int limit);

    /** The one of that public name that was approved last, of those that are public in a region at least. */
    Optional<PublicationRequest> newestPublic(String publishAs);

    /**
     * Whether a request may have its public name from somebody who decides about these images: it is nobody's yet, the same
     * image's, or that of one of them.
     */
    default boolean mayHaveItsName(PublicationRequest request, ImagePatterns decided) {
        return newestPublic(request.publishAs())
                .map(PublicationRequest::image)
                .filter(image -> !image.equals(request.image()) && !decided.has(image))
                .isEmpty();
    }

    /** Whether the release of a build that was asked for later is public under that name, in a region at least. */
    boolean overtaken(BuildId id, String publishAs);

    /** Whether a policy for these images may do without a person: it puts no older release in the place of a younger one. */
    default boolean needsNoPerson(PublicationRequest request, ImagePatterns named) {
        return !overtaken(request.id(), request.publishAs()) && mayHaveItsName(request, named);
    }

    /** Whether customers have its release: it was public in a region once, whatever became of it there. */
    boolean wasPublic(BuildId id);

    /**
     * Makes it APPROVED by this approval, WAITING in each of the approval's regions, whatever there was before.
     *
     * @throws IllegalStateException when it is REJECTED
     */
    PublicationRequest approve(BuildId id, SignedApproval approval, String by, String how);

    /**
     * Takes the approval back: PENDING again, and whoever may approve hears of it. Where it is PUBLISHED already it stays so.
     *
     * @param nonce of the approval that is void
     * @param what waits now, as a digest: it is told of once
     * @param why in words
     * @throws IllegalStateException when it is not APPROVED by that approval
     */
    PublicationRequest reopen(BuildId id, String nonce, String what, String why, Instant now);

    /**
     * Writes down how far it has come in a region. What is PUBLISHED stays so.
     *
     * @param nonce of the approval by which it was done
     * @throws IllegalStateException when that is not the request's approval, or names no such region
     */
    PublicationRequest region(
            BuildId id, String nonce, String region, RegionState state, @Nullable String reason, Instant now);

    /** Holds its publication against everybody else, on all nodes, and waits until nobody else does. */
    Held hold(BuildId id);

    /** Until it is closed. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Changes its state.
     *
     * @throws IllegalStateException when it is no longer in state {@code from}
     */
    PublicationRequest decide(
            BuildId id,
            PublicationRequest.State from,
            PublicationRequest.State to,
            @Nullable String by,
            @Nullable String how,
            @Nullable String reason,
            Instant now);
}
