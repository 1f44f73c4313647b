package org.ifaas.store.journal;

import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.publish.Confirmations;
import org.ifaas.factory.publish.ConfirmationsContract;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;

public abstract class ConfirmationsOnPostgres extends StoreTest implements ConfirmationsContract {
    protected ConfirmationsOnPostgres(TestServer server) {
        super(server);
    }

    @Override
    public Journal journal() {
        return store.journal();
    }

    @Override
    public Confirmations confirmations() {
        return store.confirmations();
    }
}
