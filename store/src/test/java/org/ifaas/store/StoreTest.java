package org.ifaas.store;

import java.time.InstantSource;
import java.util.List;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.CleanedUp;
import org.ifaas.factory.fact.HostConfigured;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.LogsRemoved;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.store.log.LogPolicy;
import org.ifaas.store.queue.QueuePolicy;
import org.ifaas.store.sql.Database;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A store in an empty database of one of the servers. */
@ExtendWith(TestServer.Running.class)
public abstract class StoreTest {
    public static final List<Class<? extends Fact>> FACTS = List.of(
            HostConfigured.class,
            ImageCopied.class,
            CleanedUp.class,
            HostSpawned.class,
            HostDestroyed.class,
            Inputs.class,
            ReleaseSealed.class,
            ArtifactsRemoved.class,
            LogsRemoved.class);

    protected final TestServer server;
    protected final Database.Served database;
    protected final Store store;

    protected StoreTest(TestServer server) {
        this.server = server;
        this.database = server.cleanDatabase();
        this.store = open("node-1", InstantSource.system());
    }

    protected final Store open(String node, InstantSource clock) {
        return Store.open(new StoreConfig(database, node, 6, queuePolicy(), logPolicy()), FACTS, clock);
    }

    protected QueuePolicy queuePolicy() {
        return QueuePolicy.defaults();
    }

    protected LogPolicy logPolicy() {
        return LogPolicy.defaults();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }
}
