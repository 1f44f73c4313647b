package org.ifaas.server;

import java.nio.file.Path;
import java.time.InstantSource;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.retention.Outdated;
import org.ifaas.factory.retention.RetentionContract;
import org.ifaas.factory.stage.Stages;
import org.ifaas.storage.DirectoryRegion;
import org.ifaas.storage.DirectoryStore;
import org.ifaas.storage.StorePolicy;
import org.ifaas.store.Store;
import org.ifaas.store.StoreConfig;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestServer.Running.class)
class RetentionOnPostgresTest implements RetentionContract {
    @TempDir
    private Path folder;

    private Store database;
    private ArtifactStore store;
    private Registry registry;
    private Logs logs;

    @BeforeEach
    void open() {
        InstantSource clock = () -> LATER;
        database = Store.open(StoreConfig.of(TestServer.embedded().cleanDatabase(), "node-1"), Stages.FACTS, clock);
        store = new DirectoryStore(folder.resolve("store"), StorePolicy.defaults(), clock);
        registry =
                new DirectoryRegion("here", DiskFormat.QCOW2, folder.resolve("region"), StorePolicy.defaults(), clock);
        logs = database.logs(store);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    public Journal journal() {
        return database.journal();
    }

    @Override
    public PublicationRequests requests() {
        return database.requests();
    }

    @Override
    public Logs logs() {
        return logs;
    }

    @Override
    public Outdated outdated() {
        return database.outdated();
    }

    @Override
    public AuditLog audit() {
        return database.audit();
    }

    @Override
    public ArtifactStore store() {
        return store;
    }

    @Override
    public Registry registry() {
        return registry;
    }

    @Override
    public Path folder() {
        return folder;
    }
}
