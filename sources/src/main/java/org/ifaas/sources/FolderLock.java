package org.ifaas.sources;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps threads and processes from changing a folder at the same time; the lock is a file beside it. */
final class FolderLock implements AutoCloseable {
    /** File locks are held by processes, so that threads need one of their own. */
    private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel channel;

    private FolderLock(ReentrantLock thread, FileChannel channel) {
        this.thread = thread;
        this.channel = channel;
    }

    static FolderLock of(Path folder) throws IOException, InterruptedException {
        var file = folder.resolveSibling(folder.getFileName() + ".lock")
                .toAbsolutePath()
                .normalize();
        var thread = THREADS.computeIfAbsent(file, path -> new ReentrantLock());
        thread.lockInterruptibly();
        try {
            Files.createDirectories(file.getParent());
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                channel.lock();
                return new FolderLock(thread, channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (FileLockInterruptionException e) {
            thread.unlock();
            throw new InterruptedException();
        } catch (IOException | RuntimeException e) {
            thread.unlock();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            thread.unlock();
        }
    }
}
