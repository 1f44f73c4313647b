package org.ifaas.store.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.pipeline.LeaseLost;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageRun;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.store.outbox.EventRows;
import org.ifaas.store.sql.Column;
import org.ifaas.store.sql.Json;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Texts;
import org.ifaas.store.sql.Times;
import org.ifaas.store.sql.Together;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The journal in PostgreSQL. Whatever changes is announced to {@link Changes} when it has been written. */
public final class PostgresJournal implements Journal {
    private final Sql sql;
    private final Map<String, Class<? extends Fact>> types;
    /** A node looks at each of its builds every second. */
    private final Together<BuildId, Optional<Look>> looks = new Together<>(1000, Duration.ofMillis(20), this::look);

    public PostgresJournal(Sql sql, Collection<? extends Class<? extends Fact>> types) {
        this.sql = sql;
        this.types = types.stream().collect(Collectors.toMap(Class::getSimpleName, Function.identity()));
    }

    @Override
    public Build create(BuildId id, Parameters parameters, String requester, Instant now) {
        return sql.transaction(handle -> create(handle, id, parameters, requester, now));
    }

    /** The same within a transaction of somebody else's. */
    public static Build create(Handle handle, BuildId id, Parameters parameters, String requester, Instant now) {
        var made = handle.createUpdate("""
                insert into build (id, parameters, requester, state, attempt, epoch, requested, cancel_requested)
                values (:id, :parameters::jsonb, :requester, 'QUEUED', 1, 0, :now, false)
                on conflict do nothing""")
                .bind("id", id.value())
                .bind("parameters", Json.write(parameters))
                .bind("requester", Texts.storable(requester))
                .bind("now", Times.stored(now))
                .execute();
        if (made == 0) {
            throw new IllegalStateException("build " + id + " exists");
        }
        return changed(handle, id);
    }

    @Override
    public Optional<Build> find(BuildId id) {
        return sql.query(handle -> find(handle, id));
    }

    @Override
    public List<Build> list(BuildSelection which, int limit) {
        var where = where(which);
        return sql.query(handle -> handle.createQuery(
                        "select * from build" + where.sql() + " order by requested desc, id desc limit :limit")
                .bindMap(where.values())
                .bind("limit", limit)
                .map((row, context) -> Rows.build(row))
                .list());
    }

    @Override
    public long count(BuildSelection which) {
        var where = where(new BuildSelection(which.image(), which.images(), which.state(), which.with(), null));
        return sql.query(handle -> handle.createQuery("select count(*) from build" + where.sql())
                .bindMap(where.values())
                .mapTo(Long.class)
                .one());
    }

    private static Where where(BuildSelection which) {
        return new Where()
                .and("parameters ->> 'image' = :image", "image", which.image())
                .among("parameters ->> 'image'", which.images())
                .and("state = :state", "state", which.state())
                .and(
                        "exists (select from fact where build = build.id and type = :type and void_at is null)",
                        "type",
                        which.with() == null ? null : which.with().getSimpleName())
                .and("(requested, id) < (select requested, id from build where id = :after)", "after", which.after());
    }

    @Override
    public List<Build> startingWith(String idStart, int limit) {
        if (!idStart.matches("[a-z0-9]{1,8}")) {
            return List.of();
        }
        return sql.query(handle -> handle.createQuery("select * from build where id like ? limit ?")
                .bind(0, idStart + "%")
                .bind(1, limit)
                .map((row, context) -> Rows.build(row))
                .list());
    }

    @Override
    public List<Build> unfinished() {
        return sql.query(handle -> handle.createQuery("select * from build where ended is null order by requested, id")
                .map((row, context) -> Rows.build(row))
                .list());
    }

    @Override
    public Lease take(BuildId id, Instant now) {
        return sql.transaction(handle -> {
            var epoch = handle.createQuery("""
                    update build set epoch = epoch + 1,
                        started = case when state = 'QUEUED' and reason is null then :now else started end,
                        state = case when state = 'QUEUED' and reason is null then 'RUNNING' else state end
                    where id = :id returning epoch""")
                    .bind("id", id.value())
                    .bind("now", Times.stored(now))
                    .mapTo(Long.class)
                    .findOne()
                    .orElseThrow(() -> none(id));
            Fence.announce(handle, id);
            return new Lease(id, epoch);
        });
    }

    @Override
    public Build check(Lease lease) {
        record Known(long epoch, Build build) {}
        // Nothing is written, so nothing needs to be locked.
        return sql.query(handle -> handle.createQuery("select * from build where id = ?")
                        .bind(0, lease.build().value())
                        .map((row, context) -> new Known(row.getLong("epoch"), Rows.build(row)))
                        .findOne())
                .filter(known -> known.epoch() == lease.epoch())
                .orElseThrow(() -> new LeaseLost(lease))
                .build();
    }

    @Override
    public boolean cancelRequested(Lease lease) {
        return looks.ask(lease.build())
                .filter(look -> look.epoch() == lease.epoch())
                .orElseThrow(() -> new LeaseLost(lease))
                .cancelRequested();
    }

    private record Look(long epoch, boolean cancelRequested) {}

    private List<Optional<Look>> look(List<BuildId> builds) {
        var found = sql.query(handle -> handle.createQuery(
                        "select id, epoch, cancel_requested from build where id = any(?)")
                .bind(0, Column.text(builds.stream().map(BuildId::value).toArray(String[]::new)))
                .reduceRows(new HashMap<String, Look>(), (map, row) -> {
                    map.put(
                            row.getColumn("id", String.class),
                            new Look(
                                    row.getColumn("epoch", Long.class),
                                    row.getColumn("cancel_requested", Boolean.class)));
                    return map;
                }));
        return builds.stream()
                .map(build -> Optional.ofNullable(found.get(build.value())))
                .toList();
    }

    @Override
    public void requestCancel(BuildId id) {
        sql.write(handle -> {
            handle.createUpdate("update build set cancel_requested = true where id = :id and ended is null")
                    .bind("id", id.value())
                    .execute();
            changed(handle, id);
        });
    }

    @Override
    public void keepHost(BuildId id, @Nullable Duration howLong) {
        sql.write(handle -> {
            var build = handle.createQuery("select * from build where id = ? and ended is null for update")
                    .bind(0, id.value())
                    .map((row, context) -> Rows.build(row))
                    .findOne();
            build.ifPresent(found -> {
                handle.createUpdate("update build set parameters = :parameters::jsonb where id = :id")
                        .bind("id", id.value())
                        .bind("parameters", Json.write(found.parameters().withKeptHost(howLong)))
                        .execute();
                changed(handle, id);
            });
        });
    }

    @Override
    public void end(Lease lease, BuildState state, @Nullable String reason, Instant now) {
        if (!state.ended()) {
            throw new IllegalArgumentException(state + " is no end");
        }
        Fence.pass(sql, lease, handle -> {
            handle.createUpdate("update build set state = :state, reason = :reason, ended = :now where id = :id")
                    .bind("id", lease.build().value())
                    .bind("state", state.name())
                    .bind("reason", Texts.storable(reason))
                    .bind("now", Times.stored(now))
                    .execute();
            var ended = changed(handle, lease.build());
            EventRows.ended(handle, ended, now);
            return ended;
        });
    }

    @Override
    public Build queued(Lease lease, String reason) {
        return Fence.pass(sql, lease, handle -> {
            handle.createUpdate("""
                    delete from stage_run using build
                    where build.id = :id and stage_run.build = build.id and stage_run.attempt = build.attempt
                        and stage_run.state = 'RUNNING'""").bind("id", lease.build().value()).execute();
            var changed = handle.createUpdate("""
                    update build set state = 'QUEUED', started = null, reason = :reason
                    where id = :id and (state <> 'QUEUED' or reason is distinct from :reason)""")
                    .bind("id", lease.build().value())
                    .bind("reason", Texts.storable(reason))
                    .execute();
            return changed == 0 ? find(handle, lease.build()).orElseThrow() : changed(handle, lease.build());
        });
    }

    @Override
    public Build nextAttempt(Lease lease) {
        return Fence.pass(sql, lease, handle -> {
            handle.createUpdate("update build set attempt = attempt + 1 where id = :id")
                    .bind("id", lease.build().value())
                    .execute();
            return changed(handle, lease.build());
        });
    }

    @Override
    public Build reopen(BuildId id, Set<Class<? extends Fact>> again, Instant now) {
        return sql.transaction(handle -> {
            requireEnded(handle, id);
            requireArtifacts(handle, id);
            // That there was nothing to remove says nothing of what the new attempt makes.
            makeVoid(handle, id, ArtifactsRemoved.class, now);
            again.forEach(type -> makeVoid(handle, id, type, now));
            handle.createUpdate("""
                    update build set state = 'QUEUED', attempt = attempt + 1, epoch = epoch + 1,
                        started = null, ended = null, reason = null, cancel_requested = false
                    where id = :id""").bind("id", id.value()).execute();
            return changed(handle, id);
        });
    }

    @Override
    public void start(Lease lease, StageName stage, Instant now) {
        Fence.pass(sql, lease, handle -> {
            handle.createUpdate("""
                    update build set state = 'RUNNING', started = :now, reason = null
                    where id = :id and state = 'QUEUED'""")
                    .bind("id", lease.build().value())
                    .bind("now", Times.stored(now))
                    .execute();
            handle.createUpdate("""
                    insert into stage_run (build, attempt, stage, state, started)
                    select id, attempt, :stage, 'RUNNING', :now from build where id = :id
                    on conflict (build, attempt, stage) do update set state = excluded.state,
                        started = case stage_run.state when 'RUNNING' then stage_run.started else excluded.started end,
                        ended = null, blame = null, message = null, mend = null""")
                    .bind("id", lease.build().value())
                    .bind("stage", stage.name())
                    .bind("now", Times.stored(now))
                    .execute();
            return changed(handle, lease.build());
        });
    }

    @Override
    public void done(Lease lease, StageName stage, Fact fact, @Nullable String message, Instant now) {
        Fence.pass(sql, lease, handle -> {
            makeVoid(handle, lease.build(), fact.getClass(), now);
            insert(handle, lease.build(), stage.name(), fact, now);
            return ended(handle, lease, stage, StageState.DONE, null, message, null, now);
        });
    }

    @Override
    public void replace(Lease lease, BuildId of, Fact fact, Instant now) {
        Fence.pass(sql, lease, handle -> {
            requireEnded(handle, of);
            var stage = handle.createQuery(
                            "select stage from fact where build = :id and type = :type and void_at is null")
                    .bind("id", of.value())
                    .bind("type", fact.getClass().getSimpleName())
                    .mapTo(String.class)
                    .findOne()
                    .orElseThrow(() -> new IllegalStateException("build " + of + " has no such fact"));
            makeVoid(handle, of, fact.getClass(), now);
            insert(handle, of, stage, fact, now);
            return changed(handle, of);
        });
    }

    private static void insert(Handle handle, BuildId id, String stage, Fact fact, Instant now) {
        handle.createUpdate("""
                insert into fact (build, attempt, stage, type, version, body, made)
                select id, attempt, :stage, :type, :version, :body::jsonb, :now from build where id = :id""")
                .bind("id", id.value())
                .bind("stage", stage)
                .bind("type", fact.getClass().getSimpleName())
                .bind("version", fact.version())
                .bind("body", Json.write(fact))
                .bind("now", Times.stored(now))
                .execute();
    }

    @Override
    public void ended(
            Lease lease,
            StageName stage,
            StageState state,
            @Nullable Blame blame,
            @Nullable String message,
            @Nullable String mend,
            Instant now) {
        Fence.pass(sql, lease, handle -> ended(handle, lease, stage, state, blame, message, mend, now));
    }

    private Build ended(
            Handle handle,
            Lease lease,
            StageName stage,
            StageState state,
            @Nullable Blame blame,
            @Nullable String message,
            @Nullable String mend,
            Instant now) {
        handle.createUpdate("""
                insert into stage_run (build, attempt, stage, state, ended, blame, message, mend)
                select id, attempt, :stage, :state, :now, :blame, :message, :mend from build where id = :id
                on conflict (build, attempt, stage) do update set state = excluded.state, ended = excluded.ended,
                    blame = excluded.blame, message = excluded.message, mend = excluded.mend""")
                .bind("id", lease.build().value())
                .bind("stage", stage.name())
                .bind("state", state.name())
                .bind("now", Times.stored(now))
                .bind("blame", blame == null ? null : blame.name())
                .bind("message", Texts.storable(message))
                .bind("mend", Texts.storable(mend))
                .execute();
        return changed(handle, lease.build());
    }

    @Override
    public List<StageRun> stageRuns(BuildId id, int attempt) {
        return sql.query(handle -> handle
                .createQuery("select * from stage_run where build = ? and attempt = ?")
                .bind(0, id.value())
                .bind(1, attempt)
                .map((row, context) -> Rows.stageRun(row))
                .stream()
                .sorted(Comparator.comparing(StageRun::stage))
                .toList());
    }

    /** Facts of a type that this release does not know are left out. */
    @Override
    public Facts facts(BuildId id) {
        record Stored(String type, String body) {}
        var stored = sql.query(handle -> handle.createQuery(
                        "select type, body from fact where build = ? and void_at is null order by made, type")
                .bind(0, id.value())
                .map((row, context) -> new Stored(row.getString("type"), row.getString("body")))
                .list());
        var known = new ArrayList<Fact>();
        for (var fact : stored) {
            var type = types.get(fact.type());
            if (type != null) {
                known.add(Json.read(fact.body(), type));
            }
        }
        return new Facts(known);
    }

    @Override
    public <F extends Fact> Optional<F> first(BuildId id, Class<F> type) {
        return sql.query(handle -> handle.createQuery(
                                "select body from fact where build = ? and type = ? order by made limit 1")
                        .bind(0, id.value())
                        .bind(1, type.getSimpleName())
                        .mapTo(String.class)
                        .findOne())
                .map(body -> Json.read(body, type));
    }

    @Override
    public void makeVoid(Lease lease, Set<Class<? extends Fact>> types, Instant now) {
        Fence.pass(
                sql,
                lease,
                handle -> types.stream()
                        .mapToInt(type -> makeVoid(handle, lease.build(), type, now))
                        .sum());
    }

    @Override
    public void record(BuildId id, Fact fact, Instant now) {
        sql.write(handle -> {
            requireEnded(handle, id);
            makeVoid(handle, id, fact.getClass(), now);
            insert(handle, id, StageName.CLEAN_UP.name(), fact, now);
            changed(handle, id);
        });
    }

    @Override
    public List<Build> succeeded(String image, int limit) {
        return sql.query(handle -> handle.createQuery("""
                        select * from build where parameters ->> 'image' = ? and state = 'SUCCEEDED'
                            and coalesce(parameters ->> 'kind', 'BUILD') = 'BUILD'
                        order by ended desc limit ?""")
                .bind(0, image)
                .bind(1, limit)
                .map((row, context) -> Rows.build(row))
                .list());
    }

    private static int makeVoid(Handle handle, BuildId id, Class<? extends Fact> type, Instant now) {
        return handle.createUpdate(
                        "update fact set void_at = :now where build = :id and type = :type and void_at is null")
                .bind("id", id.value())
                .bind("type", type.getSimpleName())
                .bind("now", Times.stored(now))
                .execute();
    }

    private static void requireEnded(Handle handle, BuildId id) {
        var state = handle.createQuery("select state from build where id = ? for update")
                .bind(0, id.value())
                .mapTo(String.class)
                .findOne()
                .orElseThrow(() -> none(id));
        if (!BuildState.valueOf(state).ended()) {
            throw new IllegalStateException("build " + id + " has not ended");
        }
    }

    @Override
    public void requireArtifacts(BuildId id) {
        sql.query(handle -> {
            requireArtifacts(handle, id);
            return id;
        });
    }

    private static void requireArtifacts(Handle handle, BuildId id) {
        boolean removed = handle.createQuery("""
                select 1 from fact where build = ? and type = 'ArtifactsRemoved' and void_at is null
                    and (body ->> 'files')::int > 0""")
                .bind(0, id.value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (removed) {
            throw new IllegalStateException("the artifacts of build " + id + " were removed by retention");
        }
    }

    private static Build changed(Handle handle, BuildId id) {
        Fence.announce(handle, id);
        return find(handle, id).orElseThrow(() -> none(id));
    }

    private static Optional<Build> find(Handle handle, BuildId id) {
        return handle.createQuery("select * from build where id = ?")
                .bind(0, id.value())
                .map((row, context) -> Rows.build(row))
                .findOne();
    }

    private static NoSuchElementException none(BuildId id) {
        return new NoSuchElementException("no build " + id);
    }
}
