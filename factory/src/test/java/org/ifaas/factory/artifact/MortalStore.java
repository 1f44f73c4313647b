package org.ifaas.factory.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.publish.Killer;

/** A store whose user may be killed whenever something is removed. */
public record MortalStore(ArtifactStore store, Killer killer) implements ArtifactStore {
    @Override
    public Availability availability() {
        return store.availability();
    }

    @Override
    public long free() throws IOException {
        return store.free();
    }

    @Override
    public Creation create(String key) throws IOException {
        return store.create(key);
    }

    @Override
    public InputStream open(String key) throws IOException {
        return store.open(key);
    }

    @Override
    public boolean exists(String key) {
        return store.exists(key);
    }

    @Override
    public long size(String key) throws IOException {
        return store.size(key);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return store.list(folder);
    }

    @Override
    public void delete(String key) throws IOException {
        killer.<Boolean, IOException, RuntimeException>step(() -> {
            store.delete(key);
            return true;
        });
    }

    @Override
    public Path path(String key) {
        return store.path(key);
    }
}
