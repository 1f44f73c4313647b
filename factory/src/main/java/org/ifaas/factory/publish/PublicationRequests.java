package org.ifaas.factory.publish;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Lease;
import org.jspecify.annotations.Nullable;

/** The durable publication requests. */
public interface PublicationRequests {
    /** Records the request; one that is there already stays as it is. */
    PublicationRequest create(Lease lease, PublicationRequest request);

    Optional<PublicationRequest> find(BuildId id);

    /** Newest first; all states when {@code state} is null. */
    List<PublicationRequest> list(PublicationRequest.@Nullable State state);

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
