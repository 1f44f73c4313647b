package org.ifaas.factory.pipeline;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a build: starts each stage as soon as its needs are met, and when all have ended, well or not, the two
 * that run ALWAYS. Resuming after a crash is the same as starting: what stands is not made again.
 */
final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private static final String GONE = "its thing is gone";

    private final Journal journal;
    private final Logs logs;
    private final Pipeline pipeline;
    private final Policy policy;
    private final Path folder;
    private final InstantSource clock;
    private final Lease lease;
    private final Build build;

    private final LinkedBlockingQueue<RunningStage> ended = new LinkedBlockingQueue<>();
    private final Map<StageName, RunningStage> running = new EnumMap<>(StageName.class);
    private final Set<StageName> over = EnumSet.noneOf(StageName.class);
    private Facts facts;
    private @Nullable Outcome outcome;
    /** What a stage that spared the others could not finish. */
    private Outcome.@Nullable Partial partial;

    Attempt(
            Journal journal,
            Logs logs,
            Pipeline pipeline,
            Policy policy,
            Path folder,
            InstantSource clock,
            Lease lease,
            Build build) {
        this.journal = journal;
        this.logs = logs;
        this.pipeline = pipeline;
        this.policy = policy;
        this.folder = folder;
        this.clock = clock;
        this.lease = lease;
        this.build = build;
        this.facts = journal.facts(build.id());
    }

    Outcome run() throws InterruptedException {
        try {
            skipWhatIsNoPart();
            recall();
            if (outcome == null) {
                makeVoidWhatIsGone();
                skipWhatStands();
                untilNothingRuns(this::startStagesWhoseNeedsAreMet);
            }
            if (outcome instanceof Outcome.Queued) {
                giveHostBack();
                return outcome;
            }
            if (outcome == null || (outcome instanceof Outcome.Cancelled && isDone())) {
                outcome = partial == null
                        ? new Outcome.Succeeded(build.parameters().kind().done())
                        : partial;
            }
            runAlways(StageName.CLEAN_UP);
            if (policy.triesAgain(build.attempt(), outcome)) {
                leaveHost();
            }
            runAlways(StageName.DESTROY_BUILD_HOST);
            return outcome;
        } finally {
            stopAll();
        }
    }

    private void skipWhatIsNoPart() {
        for (var name : StageName.values()) {
            if (!pipeline.has(name) && over.add(name)) {
                var why = "not part of a " + build.parameters().kind().word();
                journal.ended(lease, name, StageState.SKIPPED, null, why, null, clock.instant());
            }
        }
    }

    /** What this attempt has come to already, before the node that carried it died. */
    private void recall() {
        for (var run : journal.stageRuns(build.id(), build.attempt())) {
            if (!pipeline.has(run.stage())) {
                continue;
            }
            var stage = pipeline.stage(run.stage());
            if (run.state() == StageState.FAILED) {
                var failed = new Outcome.Failed(run.stage(), orFactory(run.blame()), String.valueOf(run.message()));
                if (stage.sparesOthers(failed.blame(), facts)) {
                    partial = new Outcome.Partial(failed);
                    over.add(run.stage());
                } else if (!run.stage().always()) {
                    outcome = failed;
                }
            }
            if (run.state() == StageState.DONE && facts.has(stage.makes())) {
                over.add(run.stage());
            }
        }
        if (outcome == null) {
            facts.all().forEach(this::endIfNothingToDo);
        }
        if (outcome == null && build.cancelRequested() && !isDone()) {
            outcome = new Outcome.Cancelled();
        }
        if (outcome != null) {
            journal.stageRuns(build.id(), build.attempt()).stream()
                    .filter(run ->
                            run.state() == StageState.RUNNING && !run.stage().always())
                    .forEach(run -> cancelled(run.stage()));
        }
    }

    /** What was asked for is true: a cancel comes too late, even if the last stage was told to stop. */
    private boolean isDone() {
        return pipeline.missing(facts).isEmpty();
    }

    private void cancelled(StageName stage) {
        journal.ended(lease, stage, StageState.CANCELLED, null, "ended because the build ends", null, clock.instant());
    }

    private static Blame orFactory(@Nullable Blame blame) {
        return blame == null ? Blame.FACTORY : blame;
    }

    private void makeVoidWhatIsGone() {
        for (var stage : pipeline.stages()) {
            if (stage.name().always()) {
                if (!over.contains(stage.name())) {
                    makeVoid(Set.of(stage.makes()), GONE);
                }
            } else if (outcome == null && facts.has(stage.makes()) && !holds(stage)) {
                makeVoid(stage);
            }
        }
    }

    private void makeVoid(Stage<?> stage) {
        var types = pipeline.restingOn(stage.makes());
        try {
            pipeline.checkReplaceable(types, facts, build.id());
            makeVoid(types, GONE);
        } catch (StageFailure stays) {
            var failed = new Outcome.Failed(
                    stage.name(),
                    Blame.FACTORY,
                    "what it has made is gone, and is not made again: " + stays.getMessage());
            var mend = "Mount the artifact store, or put back what is gone, then retry. Else: " + stays.mend();
            journal.ended(
                    lease, stage.name(), StageState.FAILED, failed.blame(), failed.message(), mend, clock.instant());
            over.add(stage.name());
            outcome = failed;
        }
    }

    private void makeVoid(Set<Class<? extends Fact>> types, String why) {
        var standing = types.stream().filter(facts::has).toList();
        if (!standing.isEmpty()) {
            LOG.info(
                    "build {}: void, {}: {}",
                    build.id(),
                    why,
                    standing.stream().map(Class::getSimpleName).sorted().toList());
            journal.makeVoid(lease, types, clock.instant());
            facts = facts.without(types);
            standing.forEach(type -> over.remove(pipeline.makerOf(type).name()));
        }
    }

    private <F extends Fact> boolean holds(Stage<F> stage) {
        return stage.holds(facts.get(stage.makes()), context(stage.name(), line -> {}));
    }

    private void skipWhatStands() {
        var missing = pipeline.missing(facts);
        for (var stage : pipeline.stages()) {
            var name = stage.name();
            if (!name.always() && !missing.contains(name) && over.add(name)) {
                var why = facts.has(stage.makes())
                        ? "stands from an earlier attempt"
                        : "not needed: what it leads to stands";
                journal.ended(lease, name, StageState.SKIPPED, null, why, null, clock.instant());
            }
        }
    }

    private boolean startStagesWhoseNeedsAreMet() throws InterruptedException {
        if (outcome != null) {
            return false;
        }
        var missing = pipeline.missing(facts);
        for (var stage : pipeline.stages()) {
            var name = stage.name();
            if (missing.contains(name)
                    && !over.contains(name)
                    && !running.containsKey(name)
                    && facts.hasAll(stage.needs(facts))) {
                if (!hasRoom(stage)) {
                    break;
                }
                start(stage);
            }
        }
        return !running.isEmpty();
    }

    private boolean hasRoom(Stage<?> stage) throws InterruptedException {
        var context = context(stage.name(), line -> {});
        try (var look = new Meanwhile<>(() -> {
            stage.checkRoom(context);
            return true;
        })) {
            while (!look.ended(policy.check())) {
                if (journal.cancelRequested(lease)) {
                    outcome = new Outcome.Cancelled();
                    interruptAll();
                    return false;
                }
            }
            return look.result();
        } catch (NoRoom full) {
            outcome = new Outcome.Queued(full.getMessage());
            return false;
        } catch (StageFailure e) {
            LOG.debug("build {}: {} is to tell what is wrong", build.id(), stage.name(), e);
        }
        return true;
    }

    /** While a build waits, others may need the room that its host takes; the image that was built there is kept. */
    private void giveHostBack() throws InterruptedException {
        if (pipeline.has(StageName.SPAWN_BUILD_HOST)
                && facts.has(pipeline.stage(StageName.SPAWN_BUILD_HOST).makes())) {
            runAlways(StageName.DESTROY_BUILD_HOST);
            makeVoid(Set.of(pipeline.stage(StageName.DESTROY_BUILD_HOST).makes()), GONE);
        }
    }

    /** The next attempt does not go on where this one failed: when it needs a host, that is a fresh one. */
    private void leaveHost() {
        if (pipeline.has(StageName.SPAWN_BUILD_HOST)) {
            var types = pipeline.restingOn(
                    pipeline.stage(StageName.SPAWN_BUILD_HOST).makes());
            if (pipeline.missing(facts.without(types)).contains(StageName.SPAWN_BUILD_HOST)) {
                makeVoid(types, "the next attempt has a fresh host");
            }
        }
    }

    private void runAlways(StageName name) throws InterruptedException {
        if (over.contains(name)) {
            return;
        }
        start(pipeline.stage(name));
        untilNothingRuns(() -> !running.isEmpty());
    }

    private void start(Stage<?> stage) {
        journal.start(lease, stage.name(), clock.instant());
        var log = logs.open(build.id(), build.attempt(), stage.name());
        running.put(stage.name(), RunningStage.start(stage, context(stage.name(), log), log, ended));
    }

    private interface More {
        boolean runs() throws InterruptedException;
    }

    private void untilNothingRuns(More more) throws InterruptedException {
        while (more.runs()) {
            recordNext();
            endIfCancelled(outcome == null);
            interruptWhatTakesTooLong(clock.instant());
        }
        while (!running.isEmpty()) {
            recordNext();
            endIfCancelled(outcome instanceof Outcome.Queued);
            interruptWhatTakesTooLong(clock.instant());
        }
    }

    private void recordNext() throws InterruptedException {
        var stage = ended.poll(policy.check().toMillis(), TimeUnit.MILLISECONDS);
        if (stage != null) {
            record(stage);
        }
    }

    /** Looks at the lease in any case. */
    private void endIfCancelled(boolean mayEnd) {
        if (journal.cancelRequested(lease) && mayEnd && !isDone()) {
            outcome = new Outcome.Cancelled();
            interruptAll();
        }
    }

    private void record(RunningStage stage) {
        running.remove(stage.name());
        over.add(stage.name());
        stage.log().close();
        switch (stage.result()) {
            case RunningStage.Made(var fact) -> {
                journal.done(lease, stage.name(), fact, null, clock.instant());
                facts = facts.with(fact);
                endIfNothingToDo(fact);
            }
            case RunningStage.Broken(NoRoom full) -> {
                over.remove(stage.name());
                if (outcome == null) {
                    outcome = new Outcome.Queued(full.getMessage());
                }
            }
            case RunningStage.Broken(var failure) -> {
                journal.ended(
                        lease,
                        stage.name(),
                        StageState.FAILED,
                        failure.blame(),
                        failure.getMessage(),
                        failure.mend(),
                        clock.instant());
                var failed = new Outcome.Failed(stage.name(), failure.blame(), failure.getMessage());
                if (pipeline.stage(stage.name()).sparesOthers(failure.blame(), facts)) {
                    partial = new Outcome.Partial(failed);
                } else if (outcome == null
                        || (stage.name().always() && outcome.state().good())) {
                    outcome = failed;
                    interruptAll();
                }
            }
            case RunningStage.Interrupted() -> cancelled(stage.name());
            case RunningStage.LetGo(var why) -> throw why;
        }
    }

    private void endIfNothingToDo(Fact fact) {
        var reason = fact.nothingToDo();
        if (reason != null) {
            outcome = new Outcome.Unchanged(reason);
        }
    }

    private void interruptAll() {
        running.values().forEach(RunningStage::interrupt);
    }

    private void interruptWhatTakesTooLong(Instant now) {
        for (var stage : running.values()) {
            stage.interruptAfter(policy.limit(stage.name()).plus(policy.grace()), now);
        }
    }

    /** Leaves no thread behind, whatever ended this attempt. */
    private void stopAll() {
        interruptAll();
        running.values().forEach(stage -> stage.join(policy.grace()));
        running.values().forEach(stage -> stage.log().close());
    }

    private StageContext context(StageName name, StageLog log) {
        return new AttemptContext(
                build, name, log, policy.limit(name), folder, clock, journal, lease, () -> facts, () -> {
                    var now = outcome;
                    return now != null && !now.state().keepsImages();
                });
    }
}
