package org.ifaas.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.host.Availability;

/** As much of an artifact store as logs need. */
public final class ArtifactFolder implements ArtifactStore {
    private final Path folder;
    private boolean full;

    public ArtifactFolder(Path folder) {
        this.folder = folder;
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
        return new Availability(true, folder.toString(), "");
    }

    @Override
    public long free() {
        return full ? 0 : Long.MAX_VALUE;
    }

    @Override
    public OutputStream create(String key) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
        Files.createDirectories(path(key).getParent());
        return Files.newOutputStream(path(key));
    }

    @Override
    public InputStream open(String key) throws IOException {
        return Files.newInputStream(path(key));
    }

    @Override
    public boolean exists(String key) {
        return Files.exists(path(key));
    }

    @Override
    public long size(String key) throws IOException {
        return Files.size(path(key));
    }

    @Override
    public List<String> list(String under) throws IOException {
        try (var files = Files.walk(path(under))) {
            return files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString()).sorted().toList();
        }
    }

    @Override
    public void delete(String key) {
        try {
            Files.deleteIfExists(path(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path path(String key) {
        return folder.resolve(key);
    }
}
