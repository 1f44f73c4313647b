package org.ifaas.factory.artifact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.ifaas.factory.host.Availability;

/** An artifact store for tests: small files in a folder, held in memory until they are whole. */
public final class PlainArtifactStore implements ArtifactStore {
    private final Path root;

    public PlainArtifactStore(Path root) {
        this.root = root;
    }

    @Override
    public Availability availability() {
        return new Availability(true, root.toString(), "");
    }

    @Override
    public long free() {
        return 1L << 40;
    }

    @Override
    public Creation create(String key) {
        var target = path(key);
        return new Creation() {
            private final ByteArrayOutputStream content = new ByteArrayOutputStream();
            private boolean ended;

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (ended) {
                    throw new IOException(key + " was abandoned or closed");
                }
                content.write(bytes, offset, length);
            }

            @Override
            public void abandon() {
                ended = true;
            }

            @Override
            public void close() throws IOException {
                if (!ended) {
                    ended = true;
                    Files.createDirectories(target.getParent());
                    Files.write(target, content.toByteArray());
                }
            }
        };
    }

    @Override
    public InputStream open(String key) throws IOException {
        if (!Files.isRegularFile(path(key))) {
            throw new IOException("no file " + key);
        }
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
    public List<String> list(String folder) throws IOException {
        if (!Files.isDirectory(path(folder))) {
            return List.of();
        }
        try (var files = Files.walk(path(folder))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void delete(String key) throws IOException {
        if (exists(key)) {
            try (var files = Files.walk(path(key))) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public Path path(String key) {
        if (!key.matches("[A-Za-z0-9_][A-Za-z0-9._+@=:,~-]*(/[A-Za-z0-9_][A-Za-z0-9._+@=:,~-]*)*")) {
            throw new IllegalArgumentException("not a key: " + key);
        }
        return root.resolve(key);
    }
}
