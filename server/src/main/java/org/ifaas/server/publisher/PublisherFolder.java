package org.ifaas.server.publisher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.publish.PublisherLog;
import org.ifaas.release.file.WholeFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What a publisher remembers: a file for each approval that it has acted on. One process a folder, one region a folder. */
public final class PublisherFolder implements PublisherLog, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String END = ".json";

    private final Path folder;
    private final Path approvals;
    private final FileChannel lock;

    private PublisherFolder(Path folder, FileChannel lock) {
        this.folder = folder;
        this.approvals = folder.resolve("approvals");
        this.lock = lock;
    }

    /** @throws IOException when another publisher uses it, it is of another region, or can't be written */
    public static PublisherFolder open(Path folder, String region) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var lock = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var opened = new PublisherFolder(folder, lock);
        try {
            if (lock.tryLock() == null) {
                throw new IOException(
                        "another publisher uses the state folder " + folder + ": stop it, or name another");
            }
            opened.claim(region);
            Files.createDirectories(opened.approvals);
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private void claim(String region) throws IOException {
        var file = folder.resolve("region");
        if (!Files.exists(file)) {
            WholeFile.write(file, region + "\n");
        }
        var known = Files.readString(file).strip();
        if (!known.equals(region)) {
            throw new IOException("the state folder %s is that of region %s, not of %s: name another"
                    .formatted(folder, known, region));
        }
    }

    @Override
    public List<Entry> all() {
        var all = new ArrayList<Entry>();
        try (var files = Files.newDirectoryStream(approvals, "*" + END)) {
            for (var file : files) {
                all.add(read(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the state folder can't be read", e);
        }
        return all;
    }

    private static Entry read(Path file) throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(file), Entry.class);
        } catch (JacksonException e) {
            throw new IOException(file + " is damaged: restore it from a copy", e);
        }
    }

    @Override
    public void write(Entry entry) {
        if (!entry.nonce().matches("[0-9a-f]{32}")) {
            throw new IllegalArgumentException("no nonce: " + entry.nonce());
        }
        try {
            WholeFile.write(approvals.resolve(entry.nonce() + END), JSON.writeValueAsBytes(entry));
        } catch (IOException e) {
            throw new UncheckedIOException("the state folder can't be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
