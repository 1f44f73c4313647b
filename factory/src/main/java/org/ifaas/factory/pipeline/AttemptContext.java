package org.ifaas.factory.pipeline;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What a stage of an attempt sees of its build. */
record AttemptContext(
        Build build,
        StageName stage,
        StageLog log,
        Duration limit,
        Path folder,
        InstantSource clock,
        Journal journal,
        Lease lease,
        Supplier<Facts> facts,
        BooleanSupplier hasFailed)
        implements StageContext {

    /** As they are now: how long the host is kept may have been changed since the attempt began. */
    @Override
    public Parameters parameters() {
        return journal.check(lease).parameters();
    }

    @Override
    public <F extends Fact> F fact(Class<F> type) {
        return facts.get().get(type);
    }

    @Override
    public <F extends Fact> Optional<F> find(Class<F> type) {
        return facts.get().find(type);
    }

    @Override
    public <F extends Fact> Optional<F> first(Class<F> type) {
        return journal.first(build.id(), type);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void checkLease() {
        journal.check(lease);
    }

    @Override
    public boolean failed() {
        return hasFailed.getAsBoolean();
    }
}
