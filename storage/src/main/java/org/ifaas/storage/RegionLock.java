package org.ifaas.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps threads and processes from working on one thing at the same time. Things share a fixed number of lock files, so that
 * none is ever left over.
 */
final class RegionLock implements AutoCloseable {
    private static final int FILES = 32;

    /** File locks are held by processes, so that threads need one of their own. */
    private static final ConcurrentHashMap<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final ReentrantLock thread;
    private final FileChannel channel;

    private RegionLock(ReentrantLock thread, FileChannel channel) {
        this.thread = thread;
        this.channel = channel;
    }

    /** @param kind of thing: whoever holds a lock of one kind may only ask for one of another */
    static RegionLock of(Path locks, String kind, String thing) throws IOException, InterruptedException {
        var file = locks.resolve(kind + "-" + Math.floorMod(thing.hashCode(), FILES));
        var thread = THREADS.computeIfAbsent(file, path -> new ReentrantLock());
        thread.lockInterruptibly();
        try {
            Durable.folder(locks);
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                channel.lock();
                return new RegionLock(thread, channel);
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
