package org.ifaas.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The folder where a factory's node keeps what is of its own: one running node a home. What all nodes of a factory have in common
 * lies in a folder that all of their machines mount; where there is one node, that is the home too.
 */
final class Home implements AutoCloseable {
    private static final String ANNOUNCEMENT = "run/factory.json";

    /** The most that a factory takes to stop. */
    private static final Duration GOING = Duration.ofSeconds(20);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path folder;
    private final Path shared;
    private final FileChannel lockFile;
    private final FileLock lock;

    private Home(Path folder, Path shared, FileChannel lockFile, FileLock lock) {
        this.folder = folder;
        this.shared = shared;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Waits for a factory that is about to go, or to start.
     *
     * @throws Busy when another one runs there
     */
    static Home open(Path folder, Path shared) throws IOException, InterruptedException, Busy {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createDirectories(folder.resolve("run"));
        try {
            Files.createDirectories(shared);
        } catch (IOException e) {
            throw new IOException(
                    "shared: folder %s can't be made (%s): mount it, or name another one"
                            .formatted(shared, e.getMessage()),
                    e);
        }
        var file = FileChannel.open(
                folder.resolve("run/factory.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var until = System.nanoTime() + GOING.toNanos();
        @Nullable FileLock lock = file.tryLock();
        while (lock == null) {
            if (Files.exists(folder.resolve(ANNOUNCEMENT)) || System.nanoTime() > until) {
                file.close();
                throw new Busy(folder);
            }
            Thread.sleep(50);
            lock = file.tryLock();
        }
        return new Home(folder, shared, file, lock);
    }

    Path folder(String name) {
        return folder.resolve(name);
    }

    /** Of what all nodes have in common. */
    Path shared(String name) {
        return shared.resolve(name);
    }

    /** Six characters, made once, by which things outside are known to be this factory's, whichever its node. */
    String factoryId() throws IOException {
        return id(shared.resolve("factory-id"));
    }

    /** The name of this node, the same after a restart. */
    String node() throws IOException {
        var ofSeveral = nodeOfSeveral();
        return ofSeveral == null ? "factory-" + factoryId() : ofSeveral;
    }

    /** The same where the factory may have several; null where it has this one. */
    @Nullable
    String nodeOfSeveral() throws IOException {
        return shared.equals(folder) ? null : "node-" + id(folder.resolve("node-id"));
    }

    /** Two nodes that make it at once have the same: the first one's. */
    private static String id(Path file) throws IOException {
        if (!Files.exists(file)) {
            var bytes = new byte[3];
            RANDOM.nextBytes(bytes);
            var made = HexFormat.of().formatHex(bytes);
            var own = file.resolveSibling(file.getFileName() + "." + made);
            write(own, made);
            try {
                Files.createLink(file, own);
            } catch (FileAlreadyExistsException anothers) {
                // It is read below.
            } finally {
                Files.delete(own);
            }
        }
        return Files.readString(file).strip();
    }

    /** Tells the command line where the factory listens and with which token it may talk to it. */
    void announce(String url, String token, String version) throws IOException {
        write(
                folder.resolve(ANNOUNCEMENT),
                "{\"url\":\"%s\",\"token\":\"%s\",\"pid\":%d,\"version\":\"%s\"}\n"
                        .formatted(url, token, ProcessHandle.current().pid(), version));
    }

    /** No command finds the factory any more. */
    void withdraw() throws IOException {
        Files.deleteIfExists(folder.resolve(ANNOUNCEMENT));
    }

    static String newToken() {
        var bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Whole or not at all, and for nobody else to read. */
    static void write(Path file, String text) throws IOException {
        var temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        withdraw();
        lock.release();
        lockFile.close();
    }

    /** Another factory runs there. */
    static final class Busy extends Exception {
        private static final long serialVersionUID = 1L;

        Busy(Path folder) {
            super("a factory runs in " + folder + " already; name another folder with --home, or stop that one");
        }
    }
}
