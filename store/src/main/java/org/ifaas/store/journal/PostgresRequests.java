package org.ifaas.store.journal;

import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.ifaas.factory.notify.Event;
import org.ifaas.factory.notify.EventKind;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.publish.RegionPublication;
import org.ifaas.factory.publish.RegionState;
import org.ifaas.factory.publish.RequestSelection;
import org.ifaas.factory.publish.SignedApproval;
import org.ifaas.store.outbox.EventRows;
import org.ifaas.store.sql.Json;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Texts;
import org.ifaas.store.sql.Times;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The publication requests in PostgreSQL. */
public final class PostgresRequests implements PublicationRequests {
    private final Sql sql;

    public PostgresRequests(Sql sql) {
        this.sql = sql;
    }

    @Override
    public PublicationRequest create(Lease lease, PublicationRequest request, boolean waits) {
        return Fence.pass(sql, lease, handle -> {
            var made = handle.createUpdate("""
                    insert into publication_request (id, image, serial, publish_as, sha256, images, requester, state,
                        requested, decided_by, decided, how, reason)
                    values (:id, :image, :serial, :publishAs, :sha256, :images::jsonb, :requester, :state,
                        :requested, :decidedBy, :decided, :how, :reason)
                    on conflict do nothing""")
                    .bind("id", request.id().value())
                    .bind("image", request.image())
                    .bind("serial", request.serial())
                    .bind("publishAs", request.publishAs())
                    .bind("sha256", request.sha256())
                    .bind("images", Json.write(request.images()))
                    .bind("requester", request.requester())
                    .bind("state", request.state().name())
                    .bind("requested", Times.stored(request.requested()))
                    .bind("decidedBy", request.decidedBy())
                    .bind("decided", request.decided() == null ? null : Times.stored(request.decided()))
                    .bind("how", request.how())
                    .bind("reason", Texts.storable(request.reason()))
                    .execute();
            if (made == 0) {
                handle.createQuery("select id from publication_request where id = ? for update")
                        .bind(0, request.id().value())
                        .mapTo(String.class)
                        .one();
                var there = known(handle, request.id());
                var now = there.askedAgain(request);
                if (!now.equals(there)) {
                    askedAgain(handle, now);
                }
                if (waits
                        && now.state() == PublicationRequest.State.PENDING
                        && !now.sha256().equals(there.sha256())) {
                    EventRows.add(
                            handle,
                            Event.waitsAgain(
                                    request.image(),
                                    request.id(),
                                    now.sha256(),
                                    request.requested(),
                                    "A retry has built another image: " + now.sha256()));
                }
            }
            if (made == 1 && waits && request.state() == PublicationRequest.State.PENDING) {
                EventRows.add(
                        handle,
                        Event.once(EventKind.WAITING_FOR_APPROVAL, request.image(), request.id(), request.requested()));
            }
            Fence.announce(handle, request.id());
            return find(handle, request.id()).orElseThrow();
        });
    }

    private static void askedAgain(Handle handle, PublicationRequest now) {
        handle.createUpdate("""
                update publication_request set image = :image, serial = :serial, publish_as = :publishAs,
                    sha256 = :sha256, images = :images::jsonb, requester = :requester, state = :state, how = :how
                where id = :id""")
                .bind("id", now.id().value())
                .bind("image", now.image())
                .bind("serial", now.serial())
                .bind("publishAs", now.publishAs())
                .bind("sha256", now.sha256())
                .bind("images", Json.write(now.images()))
                .bind("requester", now.requester())
                .bind("state", now.state().name())
                .bind("how", now.how())
                .execute();
        regions(handle, now.id(), now.regions());
    }

    private static void regions(Handle handle, BuildId id, List<RegionPublication> regions) {
        handle.createUpdate("delete from region_publication where request = ?")
                .bind(0, id.value())
                .execute();
        regions.forEach(region -> handle.createUpdate("""
                        insert into region_publication (request, region, state, reason, changed) values (?, ?, ?, ?, ?)""")
                .bind(0, id.value())
                .bind(1, region.region())
                .bind(2, region.state().name())
                .bind(3, Texts.storable(region.reason()))
                .bind(4, Times.stored(region.changed()))
                .execute());
    }

    @Override
    public Optional<PublicationRequest> find(BuildId id) {
        return sql.query(handle -> find(handle, id));
    }

    @Override
    public List<PublicationRequest> list(RequestSelection which, int limit) {
        var where = new Where()
                .among("image", which.images())
                .and("state = :state", "state", which.state())
                .and(
                        "(requested, id) < (select requested, id from publication_request where id = :after)",
                        "after",
                        which.after());
        return sql.query(handle -> handle.createQuery(
                        Rows.REQUESTS + where.sql() + " order by requested desc, id desc limit :limit")
                .bindMap(where.values())
                .bind("limit", limit)
                .map((row, context) -> Rows.request(row))
                .list());
    }

    @Override
    public Optional<PublicationRequest> newestPublic(String publishAs) {
        return sql.query(handle -> handle.createQuery(Rows.REQUESTS + """
                        where publish_as = :name and (state = 'PUBLISHED' or exists (select from region_publication p
                            where p.request = request.id and p.state = 'PUBLISHED'))
                        order by decided desc limit 1""")
                .bind("name", publishAs)
                .map((row, context) -> Rows.request(row))
                .findOne());
    }

    @Override
    public boolean overtaken(BuildId id, String publishAs) {
        return sql.query(handle -> handle.createQuery("""
                        select exists (select from publication_request request join build on build.id = request.id
                            where publish_as = :name and build.requested > (select requested from build where id = :id)
                                and (request.state = 'PUBLISHED' or exists (select from region_publication p
                                    where p.request = request.id and p.state = 'PUBLISHED')))""")
                .bind("name", publishAs)
                .bind("id", id.value())
                .mapTo(Boolean.class)
                .one());
    }

    @Override
    public boolean wasPublic(BuildId id) {
        return sql.query(handle -> handle.createQuery(
                        "select exists (select from publication_request where id = ? and published is not null)")
                .bind(0, id.value())
                .mapTo(Boolean.class)
                .one());
    }

    private static void published(Handle handle, BuildId id, Instant now) {
        handle.createUpdate("update publication_request set published = coalesce(published, ?) where id = ?")
                .bind(0, Times.stored(now))
                .bind(1, id.value())
                .execute();
    }

    @Override
    public PublicationRequest approve(BuildId id, SignedApproval approval, String by, String how) {
        return sql.transaction(handle -> {
            var issued = Times.stored(approval.issued());
            var approved = handle.createUpdate("""
                    update publication_request set state = 'APPROVED', approval = :approval::jsonb, how = :how,
                        decided_by = :by, decided = :issued, reason = null
                    where id = :id and state <> 'REJECTED'""")
                    .bind("id", id.value())
                    .bind("approval", Json.write(approval))
                    .bind("how", how)
                    .bind("by", by)
                    .bind("issued", issued)
                    .execute();
            var request = known(handle, id);
            if (approved == 0) {
                throw new IllegalStateException("publication request " + id + " is " + request.state());
            }
            regions(
                    handle,
                    id,
                    request.imagesWithout(approval.without()).stream()
                            .map(image -> new RegionPublication(image.region(), RegionState.WAITING, null, issued))
                            .toList());
            Fence.announce(handle, id);
            return known(handle, id);
        });
    }

    @Override
    public PublicationRequest reopen(BuildId id, String nonce, String what, String why, Instant now) {
        return sql.transaction(handle -> {
            var reopened = handle.createUpdate("""
                    update publication_request set state = 'PENDING', approval = null, how = null, reason = :why
                    where id = :id and state = 'APPROVED' and approval ->> 'nonce' = :nonce""")
                    .bind("id", id.value())
                    .bind("nonce", nonce)
                    .bind("why", Texts.storable(why))
                    .execute();
            var request = known(handle, id);
            if (reopened == 0) {
                throw new IllegalStateException("publication request " + id + " is not APPROVED by that approval");
            }
            handle.createUpdate("delete from region_publication where request = ? and state <> 'PUBLISHED'")
                    .bind(0, id.value())
                    .execute();
            EventRows.add(handle, Event.waitsAgain(request.image(), id, what, now, why));
            Fence.announce(handle, id);
            return known(handle, id);
        });
    }

    /** The request's row is held meanwhile, so that of two regions the second to end sees that both have. */
    @Override
    public PublicationRequest region(
            BuildId id, String nonce, String region, RegionState state, @Nullable String reason, Instant now) {
        return sql.transaction(handle -> {
            var there = handle.createQuery("""
                            select id from publication_request where id = :id and approval ->> 'nonce' = :nonce
                                and exists (select from region_publication where request = :id and region = :region)
                            for update""")
                    .bind("id", id.value())
                    .bind("nonce", nonce)
                    .bind("region", region)
                    .mapTo(String.class)
                    .findOne();
            if (there.isEmpty()) {
                throw new IllegalStateException("publication request " + id + " has no such approval for " + region);
            }
            handle.createUpdate("""
                            update region_publication set state = :state, reason = :reason, changed = :now
                            where request = :id and region = :region and state <> 'PUBLISHED'""")
                    .bind("id", id.value())
                    .bind("region", region)
                    .bind("state", state.name())
                    .bind("reason", Texts.storable(reason))
                    .bind("now", Times.stored(now))
                    .execute();
            if (state == RegionState.PUBLISHED) {
                published(handle, id, now);
            }
            Fence.announce(handle, id);
            return known(handle, id);
        });
    }

    @Override
    public Held hold(BuildId id) {
        return sql.hold("publication of build " + id)::close;
    }

    private static PublicationRequest known(Handle handle, BuildId id) {
        return find(handle, id).orElseThrow(() -> new NoSuchElementException("no publication request " + id));
    }

    @Override
    public PublicationRequest decide(
            BuildId id,
            PublicationRequest.State from,
            PublicationRequest.State to,
            @Nullable String by,
            @Nullable String how,
            @Nullable String reason,
            Instant now) {
        return sql.transaction(handle -> {
            var decided = handle.createUpdate("""
                    update publication_request set state = :to, how = coalesce(:how, how),
                        reason = coalesce(:reason, reason), decided_by = coalesce(:by, decided_by),
                        decided = case when :by::text is null then decided else :now end
                    where id = :id and state = :from""")
                    .bind("id", id.value())
                    .bind("from", from.name())
                    .bind("to", to.name())
                    .bind("by", by)
                    .bind("how", how)
                    .bind("reason", Texts.storable(reason))
                    .bind("now", Times.stored(now))
                    .execute();
            var request = known(handle, id);
            if (decided == 0) {
                throw new IllegalStateException(
                        "publication request " + id + " is " + request.state() + ", not " + from);
            }
            if (to == PublicationRequest.State.PUBLISHED) {
                published(handle, id, now);
                EventRows.add(handle, Event.once(EventKind.PUBLISHED, request.image(), id, now));
            }
            Fence.announce(handle, id);
            return request;
        });
    }

    private static Optional<PublicationRequest> find(Handle handle, BuildId id) {
        return handle.createQuery(Rows.REQUESTS + "where id = ?")
                .bind(0, id.value())
                .map((row, context) -> Rows.request(row))
                .findOne();
    }
}
