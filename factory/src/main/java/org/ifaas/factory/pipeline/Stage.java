package org.ifaas.factory.pipeline;

import java.util.Set;

/**
 * One of the fifteen steps of a build. It starts when the facts it needs stand, and makes one. Everything it does may
 * happen twice (a crash, a retry): look before you act, name external things after the build's id.
 *
 * @param <F> the fact it makes
 */
public interface Stage<F extends Fact> {
    StageName name();

    /** The facts it needs. Empty for the first stage; ignored for the two that run ALWAYS. */
    Set<Class<? extends Fact>> needs();

    /** {@link #needs()} for stages whose needs the definition may change. */
    default Set<Class<? extends Fact>> needs(Facts facts) {
        return needs();
    }

    Class<F> makes();

    /**
     * The facts without which this one is no longer true: when one of them is void, so is this. By default those it needs;
     * fewer where the thing lives on without them, as the image does when its build host is gone.
     */
    default Set<Class<? extends Fact>> restsOn() {
        return needs();
    }

    /**
     * Looks, before it is started, whether there is room for what it makes. Whatever else is wrong, the stage meets by itself.
     *
     * @throws NoRoom when there is none now; the build then waits in the queue
     */
    default void checkRoom(StageContext build) throws StageFailure, InterruptedException {}

    /**
     * Makes the fact true. An interrupt means: stop waiting and leave things as they are; whoever carries the build on, or
     * cleans up, finds them.
     */
    F run(StageContext build) throws StageFailure, InterruptedException;

    /**
     * Whether its failure, with this blame, leaves the work of the others whole: they go on to their ends, and the build is
     * PARTIAL, its images kept, rather than FAILED.
     *
     * @param facts those that stand
     */
    default boolean sparesOthers(Blame blame, Facts facts) {
        return false;
    }

    /**
     * Looks whether its fact, which stands, may be void and made again; asked before anything that it rests on is.
     *
     * @throws StageFailure saying why it has to stay, and what to do instead
     */
    default void checkReplaceable(BuildId build) throws StageFailure {}

    /** Whether what the fact speaks of is still there; asked before a new attempt or after a crash relies on it. */
    default boolean holds(F fact, StageContext build) {
        return true;
    }
}
