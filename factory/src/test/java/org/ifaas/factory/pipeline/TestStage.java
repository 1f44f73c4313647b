package org.ifaas.factory.pipeline;

import java.util.Set;

/** A stage of a test: it makes its fact as the test says. */
public class TestStage<F extends Fact> implements Stage<F> {
    /** How the fact is made. */
    @FunctionalInterface
    public interface Work<F> {
        F run(StageContext build) throws StageFailure, InterruptedException;
    }

    private final StageName name;
    private final Class<F> makes;
    private final Set<Class<? extends Fact>> needs;
    private final Set<Class<? extends Fact>> restsOn;
    private final Work<F> work;

    public TestStage(
            StageName name,
            Class<F> makes,
            Set<Class<? extends Fact>> needs,
            Set<Class<? extends Fact>> restsOn,
            Work<F> work) {
        this.name = name;
        this.makes = makes;
        this.needs = needs;
        this.restsOn = restsOn;
        this.work = work;
    }

    /** One that rests on what it needs. */
    public TestStage(StageName name, Class<F> makes, Set<Class<? extends Fact>> needs, Work<F> work) {
        this(name, makes, needs, needs, work);
    }

    @Override
    public final StageName name() {
        return name;
    }

    @Override
    public final Class<F> makes() {
        return makes;
    }

    @Override
    public final Set<Class<? extends Fact>> needs() {
        return needs;
    }

    @Override
    public final Set<Class<? extends Fact>> restsOn() {
        return restsOn;
    }

    @Override
    public F run(StageContext build) throws StageFailure, InterruptedException {
        return work.run(build);
    }
}
