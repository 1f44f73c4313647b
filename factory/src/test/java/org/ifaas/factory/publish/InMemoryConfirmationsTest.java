package org.ifaas.factory.publish;

import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Journal;

class InMemoryConfirmationsTest implements ConfirmationsContract {
    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryConfirmations confirmations = new InMemoryConfirmations();

    @Override
    public Journal journal() {
        return journal;
    }

    @Override
    public Confirmations confirmations() {
        return confirmations;
    }
}
