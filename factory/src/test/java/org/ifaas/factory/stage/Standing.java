package org.ifaas.factory.stage;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageLog;

/**
 * A build whose facts stand still, for one stage alone.
 *
 * @param journal asked whether the lease still holds
 */
record Standing(Build build, Facts facts, Path folder, boolean failed, Runnable journal, StageLog log)
        implements StageContext {
    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    Standing(Build build, Facts facts, Path folder) {
        this(build, facts, folder, false);
    }

    Standing(Build build, Facts facts, Path folder, boolean failed) {
        this(build, facts, folder, failed, () -> {});
    }

    Standing(Build build, Facts facts, Path folder, boolean failed, Runnable journal) {
        this(build, facts, folder, failed, journal, line -> {});
    }

    @Override
    public <F extends Fact> F fact(Class<F> type) {
        return facts.get(type);
    }

    @Override
    public <F extends Fact> Optional<F> find(Class<F> type) {
        return facts.find(type);
    }

    @Override
    public <F extends Fact> Optional<F> first(Class<F> type) {
        return find(type);
    }

    @Override
    public Duration limit() {
        return Duration.ofMinutes(1);
    }

    @Override
    public Instant now() {
        return NOW;
    }

    @Override
    public Lease lease() {
        return new Lease(build.id(), 1);
    }

    @Override
    public void checkLease() {
        journal.run();
    }
}
