package org.ifaas.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.text.Visible;

/** The artifact store as a folder, of this machine or mounted from another. */
public final class DirectoryStore implements ArtifactStore {
    private static final Pattern KEY =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+@=:,~-]{0,199}(/[A-Za-z0-9_][A-Za-z0-9._+@=:,~-]{0,199}){0,15}");
    /** No key starts with a dot. */
    private static final String UNFINISHED = ".unfinished";

    private final Path root;
    private final Path unfinished;
    private final StorePolicy policy;
    private final WritableFile.Opener opener;

    /**
     * Makes the folder when it is missing, and removes what a crash has left unfinished there.
     *
     * @throws UncheckedIOException when it can't be made
     */
    public DirectoryStore(Path root, StorePolicy policy, InstantSource clock) {
        this(root, policy, clock, WritableFile::open);
    }

    DirectoryStore(Path root, StorePolicy policy, InstantSource clock, WritableFile.Opener opener) {
        this.root = root.toAbsolutePath().normalize();
        this.unfinished = this.root.resolve(UNFINISHED);
        this.policy = policy;
        this.opener = file -> new Reserving(opener.open(file), this::free);
        try {
            Durable.folder(unfinished);
            Durable.deleteLeftovers(unfinished, clock.instant().minus(policy.leftover()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Availability availability() {
        return Probe.of(root, unfinished, this::free);
    }

    @Override
    public long free() throws IOException {
        return Math.max(0, Files.getFileStore(root).getUsableSpace() - policy.reserve());
    }

    @Override
    public Creation create(String key) throws IOException {
        var target = path(key);
        Durable.folder(unfinished);
        return new DirectoryCreation(key, unfinished.resolve(UUID.randomUUID().toString()), target, opener);
    }

    @Override
    public InputStream open(String key) throws IOException {
        var file = path(key);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileNotFoundException("the artifact store has no file " + key);
        }
        return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
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
        var start = path(folder);
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        var keys = new TreeSet<String>();
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                var key = root.relativize(file).toString();
                // A name that begins with a dot is one that something is still written under.
                if (attributes.isRegularFile() && KEY.matcher(key).matches()) {
                    keys.add(key);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        return List.copyOf(keys);
    }

    /** It is gone at once for everybody, and then removed. */
    @Override
    public void delete(String key) throws IOException {
        var path = path(key);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        var gone = Durable.folder(unfinished).resolve(UUID.randomUUID().toString());
        try {
            Durable.move(path, gone);
        } catch (NoSuchFileException e) {
            return; // somebody else was faster
        }
        Durable.sync(Durable.parent(path));
        Durable.delete(gone);
    }

    @Override
    public Path path(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("not a key of the artifact store: “" + Visible.line(key, 80) + "”");
        }
        return root.resolve(key);
    }
}
