package org.ifaas.factory.publish;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Lease;
import org.jspecify.annotations.Nullable;

/** Publication requests for tests that need no database. */
public final class InMemoryRequests implements PublicationRequests {
    private final Journal journal;
    private final Map<BuildId, PublicationRequest> requests = new LinkedHashMap<>();
    private final Set<BuildId> published = new HashSet<>();
    private final Map<BuildId, Semaphore> held = new ConcurrentHashMap<>();

    /** @param journal says which lease is the newest */
    public InMemoryRequests(Journal journal) {
        this.journal = journal;
    }

    @Override
    public synchronized PublicationRequest create(Lease lease, PublicationRequest request, boolean waits) {
        journal.check(lease);
        return requests.merge(request.id(), request, PublicationRequest::askedAgain);
    }

    @Override
    public synchronized Optional<PublicationRequest> find(BuildId id) {
        return Optional.ofNullable(requests.get(id));
    }

    @Override
    public synchronized List<PublicationRequest> list(RequestSelection which, int limit) {
        var newestFirst = Comparator.comparing(PublicationRequest::requested)
                .thenComparing(request -> request.id().value())
                .reversed();
        var after = which.after() == null ? null : requests.get(which.after());
        return requests.values().stream()
                .filter(request -> which.images().has(request.image()))
                .filter(request -> which.state() == null || request.state() == which.state())
                .filter(request -> after == null || newestFirst.compare(request, after) > 0)
                .sorted(newestFirst)
                .limit(limit)
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
        return put(
                was,
                to,
                by == null ? was.decidedBy() : by,
                by == null ? was.decided() : now,
                how == null ? was.how() : how,
                reason == null ? was.reason() : reason,
                was.approval(),
                was.regions());
    }

    @Override
    public synchronized Optional<PublicationRequest> newestPublic(String publishAs) {
        return requests.values().stream()
                .filter(request -> request.publishAs().equals(publishAs))
                .filter(request -> request.state() == PublicationRequest.State.PUBLISHED
                        || request.regions().stream().anyMatch(region -> region.state() == RegionState.PUBLISHED))
                .max(Comparator.comparing(PublicationRequest::decided));
    }

    @Override
    public synchronized PublicationRequest approve(BuildId id, SignedApproval approval, String by, String how) {
        var was = requests.get(id);
        if (was == null) {
            throw new NoSuchElementException("no publication request " + id);
        }
        if (was.state() == PublicationRequest.State.REJECTED) {
            throw new IllegalStateException("publication request " + id + " is " + was.state());
        }
        var regions = was.imagesWithout(approval.without()).stream()
                .map(image -> new RegionPublication(image.region(), RegionState.WAITING, null, approval.issued()))
                .sorted(Comparator.comparing(RegionPublication::region))
                .toList();
        return put(was, PublicationRequest.State.APPROVED, by, approval.issued(), how, null, approval, regions);
    }

    @Override
    public synchronized PublicationRequest reopen(BuildId id, String nonce, String what, String why, Instant now) {
        var was = requests.get(id);
        if (was == null
                || was.state() != PublicationRequest.State.APPROVED
                || was.approval() == null
                || !was.approval().nonce().equals(nonce)) {
            throw new IllegalStateException("publication request " + id + " is not APPROVED by that approval");
        }
        var regions = was.regions().stream()
                .filter(one -> one.state() == RegionState.PUBLISHED)
                .toList();
        return put(was, PublicationRequest.State.PENDING, was.decidedBy(), was.decided(), null, why, null, regions);
    }

    @Override
    public synchronized PublicationRequest region(
            BuildId id, String nonce, String region, RegionState state, @Nullable String reason, Instant now) {
        var was = requests.get(id);
        if (was == null
                || was.approval() == null
                || !was.approval().nonce().equals(nonce)
                || was.in(region).isEmpty()) {
            throw new IllegalStateException("publication request " + id + " has no such approval for " + region);
        }
        var regions = was.regions().stream()
                .map(one -> one.region().equals(region) && one.state() != RegionState.PUBLISHED
                        ? new RegionPublication(region, state, reason, now)
                        : one)
                .toList();
        return put(was, was.state(), was.decidedBy(), was.decided(), was.how(), was.reason(), was.approval(), regions);
    }

    @Override
    public Held hold(BuildId id) {
        var one = held.computeIfAbsent(id, any -> new Semaphore(1));
        one.acquireUninterruptibly();
        return one::release;
    }

    @Override
    public synchronized boolean overtaken(BuildId id, String publishAs) {
        var asked = journal.find(id).orElseThrow().requested();
        return requests.values().stream()
                .filter(other -> other.publishAs().equals(publishAs) && other.isPublic())
                .anyMatch(other ->
                        journal.find(other.id()).orElseThrow().requested().isAfter(asked));
    }

    @Override
    public synchronized boolean wasPublic(BuildId id) {
        return published.contains(id);
    }

    /** As somebody might who can write to the database. */
    public synchronized void tamper(PublicationRequest request) {
        requests.put(request.id(), request);
    }

    private PublicationRequest put(
            PublicationRequest was,
            PublicationRequest.State state,
            @Nullable String by,
            @Nullable Instant decided,
            @Nullable String how,
            @Nullable String reason,
            @Nullable SignedApproval approval,
            List<RegionPublication> regions) {
        var now = new PublicationRequest(
                was.id(),
                was.image(),
                was.serial(),
                was.publishAs(),
                was.sha256(),
                was.images(),
                was.requester(),
                state,
                was.requested(),
                by,
                decided,
                how,
                reason,
                approval,
                regions);
        requests.put(was.id(), now);
        if (now.isPublic()) {
            published.add(was.id());
        }
        return now;
    }
}
