package org.ifaas.factory.publish;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Lease;
import org.jspecify.annotations.Nullable;

/** Publication requests for tests that need no database. */
public final class InMemoryRequests implements PublicationRequests {
    private final Journal journal;
    private final Map<BuildId, PublicationRequest> requests = new LinkedHashMap<>();

    /** @param journal says which lease is the newest */
    public InMemoryRequests(Journal journal) {
        this.journal = journal;
    }

    @Override
    public synchronized PublicationRequest create(Lease lease, PublicationRequest request) {
        journal.check(lease);
        var there = requests.putIfAbsent(request.id(), request);
        return there == null ? request : there;
    }

    @Override
    public synchronized Optional<PublicationRequest> find(BuildId id) {
        return Optional.ofNullable(requests.get(id));
    }

    @Override
    public synchronized List<PublicationRequest> list(PublicationRequest.@Nullable State state) {
        return requests.values().stream()
                .filter(request -> state == null || request.state() == state)
                .sorted(Comparator.comparing(PublicationRequest::requested).reversed())
                .toList();
    }

    @Override
    public synchronized PublicationRequest decide(
            BuildId id,
            PublicationRequest.State from,
            PublicationRequest.State to,
            @Nullable String by,
            @Nullable String how,
            @Nullable String reason,
            Instant now) {
        var was = requests.get(id);
        if (was == null) {
            throw new NoSuchElementException("no publication request " + id);
        }
        if (was.state() != from) {
            throw new IllegalStateException("publication request " + id + " is " + was.state() + ", not " + from);
        }
        var decided = new PublicationRequest(
                id,
                was.image(),
                was.serial(),
                was.publishAs(),
                was.sha256(),
                was.images(),
                was.requester(),
                to,
                was.requested(),
                by == null ? was.decidedBy() : by,
                by == null ? was.decided() : now,
                how == null ? was.how() : how,
                reason == null ? was.reason() : reason);
        requests.put(id, decided);
        return decided;
    }
}
