package org.ifaas.factory.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.jspecify.annotations.Nullable;

/** A journal for tests that need no database. */
public final class InMemoryJournal implements Journal {
    private final Map<BuildId, Entry> entries = new LinkedHashMap<>();

    private static final class Entry {
        private Build build;
        private long epoch;
        private final Map<Integer, Map<StageName, StageRun>> runs = new HashMap<>();
        private final Map<Class<? extends Fact>, Fact> facts = new LinkedHashMap<>();
        private final Map<Class<? extends Fact>, Fact> firsts = new LinkedHashMap<>();

        private Entry(Build build) {
            this.build = build;
        }

        private void run(StageRun run) {
            runs.computeIfAbsent(run.attempt(), attempt -> new EnumMap<>(StageName.class))
                    .put(run.stage(), run);
        }

        private @Nullable Instant started(StageName stage) {
            var run = runs.getOrDefault(build.attempt(), Map.of()).get(stage);
            return run == null ? null : run.started();
        }
    }

    @Override
    public synchronized Build create(BuildId id, Parameters parameters, String requester, Instant now) {
        var build = new Build(id, parameters, requester, BuildState.QUEUED, 1, now, null, null, null, false);
        if (entries.putIfAbsent(id, new Entry(build)) != null) {
            throw new IllegalStateException("build " + id + " exists");
        }
        return build;
    }

    @Override
    public synchronized Optional<Build> find(BuildId id) {
        return Optional.ofNullable(entries.get(id)).map(entry -> entry.build);
    }

    @Override
    public synchronized List<Build> list(BuildSelection which, int limit) {
        var newestFirst =
                Comparator.comparing(Build::requested).thenComparing(Build::id).reversed();
        var after = which.after() == null ? null : find(which.after()).orElseThrow();
        return builds().filter(build ->
                        which.image() == null || build.parameters().image().equals(which.image()))
                .filter(build -> which.images().has(build.parameters().image()))
                .filter(build -> which.state() == null || build.state() == which.state())
                .filter(build -> which.with() == null
                        || facts(build.id()).find(which.with()).isPresent())
                .filter(build -> after == null || newestFirst.compare(build, after) > 0)
                .sorted(newestFirst)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized long count(BuildSelection which) {
        return list(
                        new BuildSelection(which.image(), which.images(), which.state(), which.with(), null),
                        Integer.MAX_VALUE)
                .size();
    }

    @Override
    public synchronized List<Build> startingWith(String idStart, int limit) {
        return builds().filter(build -> !idStart.isEmpty() && build.id().value().startsWith(idStart))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<Build> unfinished() {
        return builds().filter(build -> !build.state().ended())
                .sorted(Comparator.comparing(Build::requested).thenComparing(Build::id))
                .toList();
    }

    @Override
    public synchronized Lease take(BuildId id, Instant now) {
        var entry = entry(id);
        var build = entry.build;
        if (build.state() == BuildState.QUEUED && build.reason() == null) {
            entry.build = with(build, BuildState.RUNNING, build.attempt(), now, null, null, build.cancelRequested());
        }
        return new Lease(id, ++entry.epoch);
    }

    @Override
    public synchronized Build check(Lease lease) {
        return fenced(lease).build;
    }

    @Override
    public synchronized boolean cancelRequested(Lease lease) {
        return check(lease).cancelRequested();
    }

    @Override
    public synchronized void requestCancel(BuildId id) {
        var entry = entry(id);
        var build = entry.build;
        if (!build.state().ended()) {
            entry.build = with(build, build.state(), build.attempt(), build.started(), null, null, true);
        }
    }

    @Override
    public synchronized void keepHost(BuildId id, @Nullable Duration howLong) {
        var entry = entry(id);
        var build = entry.build;
        if (!build.state().ended()) {
            entry.build = new Build(
                    build.id(),
                    build.parameters().withKeptHost(howLong),
                    build.requester(),
                    build.state(),
                    build.attempt(),
                    build.requested(),
                    build.started(),
                    null,
                    null,
                    build.cancelRequested());
        }
    }

    @Override
    public synchronized void end(Lease lease, BuildState state, @Nullable String reason, Instant now) {
        if (!state.ended()) {
            throw new IllegalArgumentException(state + " is no end");
        }
        var entry = fenced(lease);
        var build = entry.build;
        entry.build = with(build, state, build.attempt(), build.started(), now, reason, build.cancelRequested());
    }

    @Override
    public synchronized Build queued(Lease lease, String reason) {
        var entry = fenced(lease);
        var build = entry.build;
        entry.runs
                .getOrDefault(build.attempt(), new EnumMap<>(StageName.class))
                .values()
                .removeIf(run -> run.state() == StageState.RUNNING);
        entry.build = with(build, BuildState.QUEUED, build.attempt(), null, null, reason, build.cancelRequested());
        return entry.build;
    }

    @Override
    public synchronized Build nextAttempt(Lease lease) {
        var entry = fenced(lease);
        var build = entry.build;
        entry.build =
                with(build, build.state(), build.attempt() + 1, build.started(), null, null, build.cancelRequested());
        return entry.build;
    }

    @Override
    public synchronized Build reopen(BuildId id, Set<Class<? extends Fact>> again, Instant now) {
        var entry = entry(id);
        requireEnded(entry);
        requireArtifacts(entry);
        entry.facts.remove(ArtifactsRemoved.class);
        entry.facts.keySet().removeAll(again);
        entry.epoch++;
        entry.build = with(entry.build, BuildState.QUEUED, entry.build.attempt() + 1, null, null, null, false);
        return entry.build;
    }

    @Override
    public synchronized void start(Lease lease, StageName stage, Instant now) {
        var entry = fenced(lease);
        var build = entry.build;
        if (build.state() == BuildState.QUEUED) {
            entry.build = with(build, BuildState.RUNNING, build.attempt(), now, null, null, build.cancelRequested());
        }
        var started = stageRuns(lease.build(), entry.build.attempt()).stream()
                .filter(run -> run.stage() == stage && run.state() == StageState.RUNNING)
                .map(StageRun::started)
                .findFirst()
                .orElse(now);
        entry.run(new StageRun(
                lease.build(), entry.build.attempt(), stage, StageState.RUNNING, started, null, null, null, null));
    }

    @Override
    public synchronized void done(Lease lease, StageName stage, Fact fact, @Nullable String message, Instant now) {
        var entry = fenced(lease);
        entry.facts.put(fact.getClass(), fact);
        entry.firsts.putIfAbsent(fact.getClass(), fact);
        ended(lease, stage, StageState.DONE, null, message, null, now);
    }

    @Override
    public synchronized void replace(Lease lease, BuildId of, Fact fact, Instant now) {
        fenced(lease);
        var entry = entry(of);
        requireEnded(entry);
        if (entry.facts.replace(fact.getClass(), fact) == null) {
            throw new IllegalStateException("build " + of + " has no such fact");
        }
    }

    @Override
    public synchronized void ended(
            Lease lease,
            StageName stage,
            StageState state,
            @Nullable Blame blame,
            @Nullable String message,
            @Nullable String mend,
            Instant now) {
        var entry = fenced(lease);
        entry.run(new StageRun(
                lease.build(), entry.build.attempt(), stage, state, entry.started(stage), now, blame, message, mend));
    }

    @Override
    public synchronized List<StageRun> stageRuns(BuildId id, int attempt) {
        var entry = entries.get(id);
        return entry == null
                ? List.of()
                : List.copyOf(entry.runs.getOrDefault(attempt, Map.of()).values());
    }

    @Override
    public synchronized Facts facts(BuildId id) {
        var entry = entries.get(id);
        return new Facts(entry == null ? List.of() : entry.facts.values());
    }

    @Override
    public synchronized <F extends Fact> Optional<F> first(BuildId id, Class<F> type) {
        return Optional.ofNullable(entries.get(id)).map(entry -> type.cast(entry.firsts.get(type)));
    }

    @Override
    public synchronized void makeVoid(Lease lease, Set<Class<? extends Fact>> types, Instant now) {
        fenced(lease).facts.keySet().removeAll(types);
    }

    @Override
    public synchronized void record(BuildId id, Fact fact, Instant now) {
        var entry = entry(id);
        requireEnded(entry);
        entry.facts.put(fact.getClass(), fact);
        entry.firsts.putIfAbsent(fact.getClass(), fact);
    }

    @Override
    public synchronized List<Build> succeeded(String image, int limit) {
        return builds().filter(build -> build.state() == BuildState.SUCCEEDED)
                .filter(build -> build.parameters().kind() == Kind.BUILD)
                .filter(build -> build.parameters().image().equals(image))
                .sorted(Comparator.comparing(Build::ended, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .reversed())
                .limit(limit)
                .toList();
    }

    private Stream<Build> builds() {
        return new ArrayList<>(entries.values()).stream().map(entry -> entry.build);
    }

    private Entry entry(BuildId id) {
        var entry = entries.get(id);
        if (entry == null) {
            throw new NoSuchElementException("no build " + id);
        }
        return entry;
    }

    private Entry fenced(Lease lease) {
        var entry = entries.get(lease.build());
        if (entry == null || entry.epoch != lease.epoch()) {
            throw new LeaseLost(lease);
        }
        return entry;
    }

    private static void requireEnded(Entry entry) {
        if (!entry.build.state().ended()) {
            throw new IllegalStateException("build " + entry.build.id() + " has not ended");
        }
    }

    @Override
    public synchronized void requireArtifacts(BuildId id) {
        requireArtifacts(entry(id));
    }

    private static void requireArtifacts(Entry entry) {
        if (entry.facts.get(ArtifactsRemoved.class) instanceof ArtifactsRemoved removed && removed.files() > 0) {
            throw new IllegalStateException(
                    "the artifacts of build " + entry.build.id() + " were removed by retention");
        }
    }

    private static Build with(
            Build build,
            BuildState state,
            int attempt,
            @Nullable Instant started,
            @Nullable Instant ended,
            @Nullable String reason,
            boolean cancelRequested) {
        return new Build(
                build.id(),
                build.parameters(),
                build.requester(),
                state,
                attempt,
                build.requested(),
                started,
                ended,
                reason,
                cancelRequested);
    }
}
