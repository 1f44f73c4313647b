package org.ifaas.store.retention;

import java.nio.file.Path;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.retention.Outdated;
import org.ifaas.factory.retention.OutdatedContract;
import org.ifaas.store.ArtifactFolder;
import org.ifaas.store.Scratch;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;

public abstract class OutdatedOnPostgres extends StoreTest implements OutdatedContract {
    private final Path folder = Scratch.folder("outdated");
    private final Logs logs = store.logs(new ArtifactFolder(folder));

    protected OutdatedOnPostgres(TestServer server) {
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

    @Override
    public Logs logs() {
        return logs;
    }

    @Override
    public Outdated outdated() {
        return store.outdated();
    }

    @AfterEach
    void deleteArtifacts() {
        Scratch.delete(folder);
    }
}
