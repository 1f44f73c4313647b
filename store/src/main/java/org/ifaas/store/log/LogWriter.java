package org.ifaas.store.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.text.Coloured;
import org.ifaas.factory.text.LogText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the lines of one stage and writes them in chunks. While the database can't be reached it holds on to them for a while,
 * and takes more: a stage does not wait for it, unless what it follows can wait.
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
    private final Condition room = lock.newCondition();
    private ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final Map<String, Long> reached;
    private long accepted;
    private long written;
    /** What waits for its answer: it is sent again as it is. */
    private @Nullable Chunk sent;

    private long lost;
    private boolean ended;
    private boolean unreachable;
    /** Whether what is followed was left off: what comes now is not what comes next. */
    private boolean broken;

    private byte[] newest = new byte[0];

    LogWriter(
            LogRows rows, LogRows.State log, Map<String, Long> reached, LogPolicy policy, Consumer<LogWriter> onClose) {
        this.rows = rows;
        this.log = log;
        this.reached = new HashMap<>(reached);
        this.policy = policy;
        this.onClose = onClose;
        this.accepted = log.size();
        this.written = log.size();
    }

    LogRows.State log() {
        return log;
    }

    /** The newest line that is not empty, without colours. */
    String last() {
        lock.lock();
        try {
            return lastLine(newest);
        } finally {
            lock.unlock();
        }
    }

    /** The last line that is not empty, without colours; empty when there is none. */
    static String lastLine(byte[] lines) {
        var text = Coloured.plain(new String(lines, StandardCharsets.UTF_8)).stripTrailing();
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    @Override
    public void line(String text) {
        var lines = new ByteArrayOutputStream(text.length() + 16);
        LogText.write(text, policy.lineBytes(), lines);
        var bytes = lines.toByteArray();
        for (int from = 0; from < bytes.length; ) {
            int to = wholeLines(bytes, from);
            if (gathered(from == 0 && to == bytes.length ? bytes : Arrays.copyOfRange(bytes, from, to))) {
                flush();
            }
            from = to;
        }
    }

    /** The end of as many whole lines as a chunk holds; no line is longer than that. */
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
    public void lines(List<String> lines, String source, long end) {
        var bytes = new ByteArrayOutputStream(64 * lines.size());
        lines.forEach(line -> LogText.write(line, policy.lineBytes(), bytes));
        if (gathered(bytes.toByteArray(), source, end)) {
            flush();
        }
    }

    @Override
    public long reached(String source) {
        lock.lock();
        try {
            return reached.getOrDefault(source, 0L);
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is a chunk to be written now. */
    private boolean gathered(byte[] lines) {
        lock.lock();
        try {
            if (pending.size() + lines.length > MOST_PENDING) {
                lost++;
                return false;
            }
            return accepted(lines);
        } finally {
            lock.unlock();
        }
    }

    /** The same, for lines that can be had once more: they wait for room, and none is lost. */
    private boolean gathered(byte[] lines, String source, long end) {
        lock.lock();
        try {
            while (pending.size() > MOST_PENDING && !ended) {
                room.await();
            }
            if (broken) {
                return false;
            }
            reached.put(source, end);
            return accepted(lines);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            broken = true;
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean accepted(byte[] lines) {
        if (ended || accepted >= policy.stageBytes()) {
            return false;
        }
        int length = withinLimit(lines);
        pending.write(lines, 0, length);
        accepted += length;
        if (hasText(lines)) {
            newest = lines;
        }
        if (accepted >= policy.stageBytes()) {
            pending.writeBytes("… (the log has %,d bytes, the rest is dropped)%n"
                    .formatted(policy.stageBytes())
                    .getBytes(StandardCharsets.UTF_8));
        }
        return pending.size() > LogPolicy.CHUNK && !unreachable;
    }

    /** The last line that is taken is the one that goes beyond the limit. */
    private int withinLimit(byte[] lines) {
        long room = policy.stageBytes() - accepted;
        if (lines.length <= room) {
            return lines.length;
        }
        int end = (int) room;
        while (lines[end - 1] != '\n') {
            end++;
        }
        return end;
    }

    private static boolean hasText(byte[] lines) {
        for (byte b : lines) {
            if (b != '\n') {
                return true;
            }
        }
        return false;
    }

    /** Writes what is pending; keeps it when the database can't be reached. */
    void flush() {
        writing.lock();
        try {
            var chunk = pending();
            if (chunk.bytes().length > 0) {
                written(chunk.bytes().length, rows.append(log, chunk.at(), chunk.bytes(), chunk.reached()));
            }
            reachable();
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

    private record Chunk(long at, byte[] bytes, Map<String, Long> reached) {}

    private Chunk pending() {
        lock.lock();
        try {
            if (ended || pending.size() == 0) {
                return new Chunk(written, new byte[0], Map.of());
            }
            if (sent == null) {
                sent = new Chunk(written, pending.toByteArray(), Map.copyOf(reached));
            }
            return sent;
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
            pending = new ByteArrayOutputStream(LogPolicy.CHUNK);
            pending.write(bytes, length, bytes.length - length);
            written += length;
            sent = null;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void reachable() {
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
            room.signalAll();
        } finally {
            lock.unlock();
        }
        onClose.accept(this);
    }
}
