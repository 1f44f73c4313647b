package org.ifaas.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.host.Availability;

/** An artifact store whose disk can be full. */
public final class ArtifactFolder implements ArtifactStore {
    private final PlainArtifactStore store;
    private boolean full;

    public ArtifactFolder(Path folder) {
        this.store = new PlainArtifactStore(folder);
    }

    /** From now on nothing can be created. */
    public void fill() {
        full = true;
    }

    public void makeRoom() {
        full = false;
    }

    @Override
    public Availability availability() {
        return store.availability();
    }

    @Override
    public long free() {
        return full ? 0 : store.free();
    }

    @Override
    public Creation create(String key) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
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
    public List<String> list(String under) throws IOException {
        return store.list(under);
    }

    @Override
    public void delete(String key) throws IOException {
        store.delete(key);
    }

    @Override
    public Path path(String key) {
        return store.path(key);
    }
}
