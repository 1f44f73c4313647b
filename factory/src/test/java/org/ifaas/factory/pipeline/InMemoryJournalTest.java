package org.ifaas.factory.pipeline;

class InMemoryJournalTest implements JournalContract {
    @Override
    public Journal journal() {
        return new InMemoryJournal();
    }
}
