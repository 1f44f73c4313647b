package org.ifaas.server;

import java.util.function.Predicate;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.Runner;
import org.ifaas.store.queue.Carrier;

/** Carries builds on this node. */
record NodeCarrier(Runner runner, Journal journal, Predicate<Parameters> needOwnMachine) implements Carrier {
    @Override
    public void carry(BuildId build) throws InterruptedException {
        runner.carry(build);
    }

    @Override
    public boolean isOfThisMachine(BuildId build) {
        return journal.find(build)
                .filter(found -> needOwnMachine.test(found.parameters()))
                .isPresent();
    }
}
