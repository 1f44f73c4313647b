package org.ifaas.factory.pipeline;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What a stage sees of its build. */
public interface StageContext {
    Build build();

    default BuildId id() {
        return build().id();
    }

    default Parameters parameters() {
        return build().parameters();
    }

    /** A fact this stage needs. */
    <F extends Fact> F fact(Class<F> type);

    <F extends Fact> Optional<F> find(Class<F> type);

    /** The one of that type that this build made first, in whatever attempt, void or not. */
    <F extends Fact> Optional<F> first(Class<F> type);

    StageLog log();

    /** The most this stage may take. */
    Duration limit();

    /** A folder of this build on the factory's disk, mode 0700, for keys and temporary files; goes with the build. */
    Path folder();

    Instant now();

    /** For ports whose writes are fenced like the journal's. */
    Lease lease();

    /** To be called before anything that can't be undone (delete, publish, replace): throws {@link LeaseLost}. */
    void checkLease();

    /** Whether the build has failed or was cancelled; only of interest to the stages that run ALWAYS. */
    boolean failed();
}
