package org.ifaas.factory.retention;

import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.InMemoryLogs;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.publish.InMemoryRequests;
import org.ifaas.factory.publish.PublicationRequests;

class InMemoryOutdatedTest implements OutdatedContract {
    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryRequests requests = new InMemoryRequests(journal);
    private final InMemoryLogs logs = new InMemoryLogs();

    @Override
    public Journal journal() {
        return journal;
    }

    @Override
    public PublicationRequests requests() {
        return requests;
    }

    @Override
    public Logs logs() {
        return logs;
    }

    @Override
    public Outdated outdated() {
        return new InMemoryOutdated(journal, requests, logs);
    }
}
