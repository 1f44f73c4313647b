package org.ifaas.release.digest;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Feeds one content to several digests at once, each on a thread of its own, through a ring of shared buffers of at most 4
 * MiB. What fits into one buffer is digested without any thread. To be used by one thread; closing ends all of its threads.
 */
public final class DigestRing implements AutoCloseable {
    static final int CHUNK_BYTES = 256 * 1024;
    private static final int MOST_CHUNKS = 16;

    private final List<MessageDigest> digests;
    private final BlockingQueue<Chunk> free = new ArrayBlockingQueue<>(MOST_CHUNKS);
    private List<DigestThread> threads = List.of();
    private @Nullable Chunk filling;
    private int made;
    private long size;
    private boolean ended;

    public DigestRing(List<MessageDigest> digests) {
        this.digests = List.copyOf(digests);
    }

    public void update(byte[] bytes, int from, int length) throws InterruptedIOException {
        size += length;
        while (length > 0) {
            var chunk = chunk();
            var fits = Math.min(length, CHUNK_BYTES - chunk.length);
            System.arraycopy(bytes, from, chunk.bytes, chunk.length, fits);
            chunk.length += fits;
            from += fits;
            length -= fits;
        }
    }

    /** Reads to the end. */
    public void updateFrom(ReadableByteChannel channel) throws IOException {
        while (true) {
            var chunk = chunk();
            var read = channel.read(ByteBuffer.wrap(chunk.bytes, chunk.length, CHUNK_BYTES - chunk.length));
            if (read < 0) {
                return;
            }
            chunk.length += read;
            size += read;
        }
    }

    /** Returns when every digest has been given all; they are not finished, so that they can be cloned. */
    public void finish() throws InterruptedIOException {
        if (ended) {
            return;
        }
        var last = filling;
        filling = null;
        if (threads.isEmpty()) {
            ended = true;
            if (last != null) {
                digests.forEach(digest -> digest.update(last.bytes, 0, last.length));
            }
            return;
        }
        if (last != null) {
            submit(last);
        }
        close();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while digesting");
        }
        threads.forEach(DigestThread::rethrow);
    }

    /** In bytes, so far. */
    public long size() {
        return size;
    }

    /** Ends the threads, after what they were given. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            threads.forEach(DigestThread::end);
            threads.forEach(DigestThread::awaitEnd);
        }
    }

    /** The one with room that is being filled. */
    private Chunk chunk() throws InterruptedIOException {
        if (ended) {
            throw new IllegalStateException("this content has ended");
        }
        if (filling != null && filling.length < CHUNK_BYTES) {
            return filling;
        }
        if (filling != null) {
            submit(filling);
            filling = null;
        }
        return filling = emptyChunk();
    }

    private void submit(Chunk chunk) {
        if (threads.isEmpty()) {
            threads = digests.stream()
                    .map(digest -> new DigestThread(digest, MOST_CHUNKS, free))
                    .toList();
        }
        chunk.pending.set(threads.size());
        threads.forEach(thread -> thread.give(chunk));
    }

    private Chunk emptyChunk() throws InterruptedIOException {
        var chunk = free.poll();
        if (chunk == null && made < MOST_CHUNKS) {
            made++;
            return new Chunk(new byte[CHUNK_BYTES]);
        }
        try {
            chunk = chunk == null ? free.take() : chunk;
            chunk.length = 0;
            return chunk;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while digesting");
        }
    }
}
