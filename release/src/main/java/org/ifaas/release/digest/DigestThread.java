package org.ifaas.release.digest;

import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/** One digest on its platform thread: this is work for a CPU, which virtual threads would only queue up for. */
final class DigestThread {
    private static final Chunk END = new Chunk(new byte[0]);

    private final MessageDigest digest;
    private final BlockingQueue<Chunk> given;
    private final BlockingQueue<Chunk> free;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread;

    DigestThread(MessageDigest digest, int mostChunks, BlockingQueue<Chunk> free) {
        this.digest = digest;
        this.given = new ArrayBlockingQueue<>(mostChunks + 1);
        this.free = free;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("digest-" + digest.getAlgorithm())
                .start(this::run);
    }

    void give(Chunk chunk) {
        given.add(chunk);
    }

    void end() {
        given.add(END);
    }

    /** Not interruptible, so that no thread stays behind; an interrupt is kept. */
    void awaitEnd() {
        var interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void rethrow() {
        if (failure.get() != null) {
            throw new IllegalStateException("digesting by " + digest.getAlgorithm() + " failed", failure.get());
        }
    }

    private void run() {
        try {
            for (var chunk = given.take(); chunk != END; chunk = given.take()) {
                digest(chunk);
                if (chunk.pending.decrementAndGet() == 0) {
                    free.add(chunk);
                }
            }
        } catch (InterruptedException nobodyInterruptsIt) {
            failure.compareAndSet(null, nobodyInterruptsIt);
        }
    }

    /** A failure is kept for the end: the others, and whoever fills the chunks, go on meanwhile. */
    private void digest(Chunk chunk) {
        try {
            digest.update(chunk.bytes, 0, chunk.length);
        } catch (RuntimeException | Error failed) {
            failure.compareAndSet(null, failed);
        }
    }
}
