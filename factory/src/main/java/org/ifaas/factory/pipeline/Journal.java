package org.ifaas.factory.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of builds, stage runs and facts: the truth about every build. What returns has been written.
 * Methods that take a {@link Lease} throw {@link LeaseLost} when its epoch is not the newest, and then have written nothing.
 */
public interface Journal {

    /**
     * Records a new build in state QUEUED, attempt 1.
     *
     * @throws IllegalStateException when there is one of that id
     */
    Build create(BuildId id, Parameters parameters, String requester, Instant now);

    Optional<Build> find(BuildId id);

    /** Newest first. */
    List<Build> list(BuildSelection which, int limit);

    /** How many there are of them, after which one they come aside. */
    long count(BuildSelection which);

    /** Those whose id starts so, in no order. */
    List<Build> startingWith(String idStart, int limit);

    /** All builds that have not ended, oldest first. */
    List<Build> unfinished();

    /** Takes the build over: raises its epoch, sets it RUNNING if it was QUEUED and waits for nothing but its turn. */
    Lease take(BuildId id, Instant now);

    /** Throws {@link LeaseLost} unless the lease is the newest; returns the build as it is now. */
    Build check(Lease lease);

    /** Whether its end is asked for; throws like {@link #check}. For those who ask again and again. */
    boolean cancelRequested(Lease lease);

    /** Asks that the build end; whoever carries it notices. No effect on one that has ended, or has only to clean up. */
    void requestCancel(BuildId id);

    /** Changes how long the build's host is kept after it; null to destroy it at once. No effect on one that has ended. */
    void keepHost(BuildId id, @Nullable Duration howLong);

    /** Ends the build in a state that has {@link BuildState#ended() ended}. */
    void end(Lease lease, BuildState state, @Nullable String reason, Instant now);

    /**
     * Puts the build back to QUEUED, with what it waits for; stages of this attempt that had begun and not ended have not
     * begun. It is RUNNING again when a stage starts.
     */
    Build queued(Lease lease, String reason);

    /** Goes on to the next attempt within the same lease; returns the build with its raised attempt. */
    Build nextAttempt(Lease lease);

    /**
     * Reopens a build that has ended as a new attempt in state QUEUED, and clears a cancel request. The standing facts of
     * the types that are made again become void in the same transaction.
     *
     * @throws IllegalStateException when it has not ended, or retention has removed its artifacts
     */
    Build reopen(BuildId id, Set<Class<? extends Fact>> again, Instant now);

    /** @throws IllegalStateException when retention has removed the build's artifacts */
    void requireArtifacts(BuildId id);

    /** Of a stage that runs, and whose node has died or stopped meanwhile, the first start counts. */
    void start(Lease lease, StageName stage, Instant now);

    /** Ends the stage well: its fact and its state are written in one transaction. */
    void done(Lease lease, StageName stage, Fact fact, @Nullable String message, Instant now);

    /**
     * Puts a fact in the place of the one of its type of another build, which has ended, in one transaction: nobody carries
     * that one.
     *
     * @throws IllegalStateException when that build has not ended
     */
    void replace(Lease lease, BuildId of, Fact fact, Instant now);

    /** Ends the stage in any other way; blame and mend are null unless it failed. */
    void ended(
            Lease lease,
            StageName stage,
            StageState state,
            @Nullable Blame blame,
            @Nullable String message,
            @Nullable String mend,
            Instant now);

    /** The stage runs of one attempt, in the pipeline's order; stages not begun are missing. */
    List<StageRun> stageRuns(BuildId id, int attempt);

    /** The facts that stand: made in any attempt and not void. */
    Facts facts(BuildId id);

    /** The one of that type that the build made first, in whatever attempt, void or not. */
    <F extends Fact> Optional<F> first(BuildId id, Class<F> type);

    /**
     * Makes the standing facts of these types void in one transaction: that of a thing that is gone, and with it all that
     * rest on it. No effect where there is none.
     */
    void makeVoid(Lease lease, Set<Class<? extends Fact>> types, Instant now);

    /**
     * Records a fact of a build that has ended and that nobody carries, in the place of the one of its type.
     *
     * @throws IllegalStateException when it has not ended
     */
    void record(BuildId id, Fact fact, Instant now);

    /** Those of kind BUILD of this image that have SUCCEEDED, the one that ended last first. */
    List<Build> succeeded(String image, int limit);
}
