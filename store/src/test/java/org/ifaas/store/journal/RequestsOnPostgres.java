package org.ifaas.store.journal;

import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.publish.PublicationRequestsContract;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;

public abstract class RequestsOnPostgres extends StoreTest implements PublicationRequestsContract {
    protected RequestsOnPostgres(TestServer server) {
        super(server);
    }

    @Override
    public Journal journal() {
        return store.journal();
    }

    @Override
    public PublicationRequests requests() {
        return store.requests();
    }
}
