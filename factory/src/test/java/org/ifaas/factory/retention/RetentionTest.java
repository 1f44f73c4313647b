package org.ifaas.factory.retention;

import java.nio.file.Path;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.InMemoryLogs;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.publish.InMemoryRequests;
import org.ifaas.factory.publish.PublicationRequests;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest implements RetentionContract {
    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryRequests requests = new InMemoryRequests(journal);
    private final InMemoryLogs logs = new InMemoryLogs();
    private final InMemoryAuditLog audit = new InMemoryAuditLog(() -> LATER);
    private final InMemoryRegistry registry = new InMemoryRegistry("here", () -> LATER);

    @TempDir
    private Path folder;

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

    @Override
    public AuditLog audit() {
        return audit;
    }

    @Override
    public ArtifactStore store() {
        return new PlainArtifactStore(folder.resolve("store"));
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
