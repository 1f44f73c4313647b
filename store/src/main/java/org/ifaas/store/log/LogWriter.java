package org.ifaas.store.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.text.Coloured;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the lines of one stage and writes them in chunks. While the database can't be reached it holds on to them for a while,
 * and takes more: a stage does not wait for it.
 */
final class LogWriter implements Logs.Writer {
    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final int MOST_PENDING = 1024 * 1024;

    private final LogRows rows;
    private final LogRows.State log;
    private final LogPolicy policy;
    private final Consumer<LogWriter> onClose;
    /** Held by whoever writes to the database, and taken before the other. */
    private final ReentrantLock writing = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private long accepted;
    private long lost;
    private boolean ended;
    private boolean unreachable;
    private String last = "";

    LogWriter(LogRows rows, LogRows.State log, LogPolicy policy, Consumer<LogWriter> onClose) {
        this.rows = rows;
        this.log = log;
        this.policy = policy;
        this.onClose = onClose;
        this.accepted = log.size();
    }

    LogRows.State log() {
        return log;
    }

    /** The newest line that is not empty, without colours. */
    String last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void line(String text) {
        LogText.lines(text, policy.lineBytes(), this::add);
    }

    private void add(byte[] line) {
        if (gathered(line)) {
            flush();
        }
    }

    /** Whether there is a chunk to be written now. */
    private boolean gathered(byte[] line) {
        lock.lock();
        try {
            if (ended || accepted >= policy.stageBytes()) {
                return false;
            }
            if (pending.size() + line.length > MOST_PENDING) {
                lost++;
                return false;
            }
            pending.writeBytes(line);
            accepted += line.length;
            if (line.length > 1) {
                last = Coloured.plain(new String(line, 0, line.length - 1, StandardCharsets.UTF_8));
            }
            if (accepted >= policy.stageBytes()) {
                pending.writeBytes("… (the log has %,d bytes, the rest is dropped)%n"
                        .formatted(policy.stageBytes())
                        .getBytes(StandardCharsets.UTF_8));
            }
            return pending.size() > LogPolicy.CHUNK && !unreachable;
        } finally {
            lock.unlock();
        }
    }

    /** Writes what is pending; keeps it when the database can't be reached. */
    void flush() {
        writing.lock();
        try {
            var bytes = pending();
            for (int from = 0; from < bytes.length && !hasEnded(); ) {
                int to = wholeLines(bytes, from);
                written(to - from, rows.append(log, Arrays.copyOfRange(bytes, from, to)));
                from = to;
            }
            reached();
        } catch (RuntimeException e) {
            notReached(e);
        } finally {
            writing.unlock();
        }
    }

    /** Or something to be told that could not be written. */
    boolean hasPending() {
        lock.lock();
        try {
            return pending.size() > 0 || lost > 0 || unreachable;
        } finally {
            lock.unlock();
        }
    }

    private byte[] pending() {
        lock.lock();
        try {
            return pending.toByteArray();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    private void written(int length, boolean stillOurs) {
        lock.lock();
        try {
            if (!stillOurs) {
                LOG.info(
                        "log {}: another writer has opened it, this one ends",
                        log.key().channelKey());
                ended = true;
            }
            var bytes = pending.toByteArray();
            pending = new ByteArrayOutputStream();
            pending.write(bytes, length, bytes.length - length);
        } finally {
            lock.unlock();
        }
    }

    private void reached() {
        lock.lock();
        try {
            unreachable = false;
            if (lost > 0) {
                pending.writeBytes("… (%,d lines lost while the database could not be reached)%n"
                        .formatted(lost)
                        .getBytes(StandardCharsets.UTF_8));
                lost = 0;
            }
        } finally {
            lock.unlock();
        }
    }

    private void notReached(RuntimeException e) {
        lock.lock();
        try {
            if (!unreachable) {
                LOG.warn("log {}: can't be written, trying again: {}", log.key().channelKey(), e.getMessage());
            }
            unreachable = true;
        } finally {
            lock.unlock();
        }
    }

    /** The end of as many whole lines as a chunk holds; no line is longer than half a chunk. */
    private static int wholeLines(byte[] bytes, int from) {
        if (bytes.length - from <= LogPolicy.CHUNK) {
            return bytes.length;
        }
        var to = from + LogPolicy.CHUNK;
        while (bytes[to - 1] != '\n') {
            to--;
        }
        return to;
    }

    @Override
    public void close() {
        if (hasEnded()) {
            return;
        }
        flush();
        flush();
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
        onClose.accept(this);
    }
}
