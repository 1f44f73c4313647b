package org.ifaas.factory.publish;

import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Journal;

class InMemoryRequestsTest implements PublicationRequestsContract {
    private final Journal journal = new InMemoryJournal();
    private final InMemoryRequests requests = new InMemoryRequests(journal);

    @Override
    public Journal journal() {
        return journal;
    }

    @Override
    public PublicationRequests requests() {
        return requests;
    }
}
