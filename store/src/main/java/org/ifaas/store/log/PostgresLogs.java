package org.ifaas.store.log;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Logs;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.store.sql.Changes;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Undisturbed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs as rows while they grow, and as {@code builds/ID/logs/ATTEMPT/STAGE.log} in the artifact store when they are closed. */
public final class PostgresLogs implements Logs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresLogs.class);
    private static final int MOST_READ = 256 * 1024;

    private final LogRows rows;
    private final Changes changes;
    private final ArtifactStore artifacts;
    private final LogPolicy policy;
    private final SharedReads<Question, Chunk> reads = new SharedReads<>();
    private final Set<LogWriter> writers = ConcurrentHashMap.newKeySet();
    private final Thread flusher;

    public PostgresLogs(Sql sql, Changes changes, ArtifactStore artifacts, LogPolicy policy) {
        this.rows = new LogRows(sql);
        this.changes = changes;
        this.artifacts = artifacts;
        this.policy = policy;
        this.flusher = Thread.ofVirtual().name("logs").start(this::flushNowAndThen);
    }

    @Override
    public Writer open(BuildId build, int attempt, StageName stage) {
        var opened = rows.open(new LogKey(build, attempt, stage));
        var log = opened.state();
        if (log.compacted() > 0) {
            log = Undisturbed.call(takeBack(log));
        }
        var writer =
                new LogWriter(rows, log, opened.reached(), policy, writing -> Undisturbed.run(() -> closed(writing)));
        writers.add(writer);
        return writer;
    }

    @Override
    public Chunk read(BuildId build, int attempt, StageName stage, long offset, Duration wait)
            throws InterruptedException {
        if (offset < 0) {
            throw new IllegalArgumentException("offset " + offset + " is negative");
        }
        var key = new LogKey(build, attempt, stage);
        var until = System.nanoTime() + wait.toNanos();
        while (true) {
            var seen = changes.seen(key.channelKey());
            // Whoever waits is woken by what is newer than an answer that was remembered; whoever doesn't, has to see
            // all.
            var chunk = wait.isPositive()
                    ? reads.answer(new Question(key, offset, seen), () -> read(key, offset))
                    : read(key, offset);
            var left = Duration.ofNanos(until - System.nanoTime());
            if (!chunk.text().isEmpty() || !chunk.open() || !left.isPositive()) {
                return chunk;
            }
            changes.awaitKey(key.channelKey(), seen, left);
        }
    }

    /** @param change the newest of that log: whoever follows it asks the same after each */
    private record Question(LogKey key, long offset, long change) {}

    private Chunk read(LogKey key, long offset) {
        var look = rows.look(key, offset, MOST_READ);
        if (look.isEmpty()) {
            return new Chunk("", offset, rows.mayBegin(key));
        }
        var log = look.get().state();
        var bytes =
                offset < log.compacted() ? compacted(log, offset) : look.get().bytes();
        var length = wholeLines(bytes, Math.min(bytes.length, MOST_READ));
        return new Chunk(new String(bytes, 0, length, StandardCharsets.UTF_8), offset + length, log.open());
    }

    private byte[] compacted(LogRows.State log, long offset) {
        try (var in = artifacts.open(log.key().artifact())) {
            in.skipNBytes(offset);
            return in.readNBytes((int) Math.min(MOST_READ, log.compacted() - offset));
        } catch (IOException e) {
            throw new UncheckedIOException("log " + log.key().artifact() + " can't be read: " + e.getMessage(), e);
        }
    }

    /** The length without a line whose end is missing, where there is more than that line. */
    private static int wholeLines(byte[] bytes, int length) {
        if (length == bytes.length && length < MOST_READ) {
            return length;
        }
        for (int end = length; end > 0; end--) {
            if (bytes[end - 1] == '\n') {
                return end;
            }
        }
        return wholeCharacters(bytes, length);
    }

    /** The length without a character whose end is missing. */
    private static int wholeCharacters(byte[] bytes, int length) {
        var start = length - 1;
        while (start > 0 && start > length - 4 && (bytes[start] & 0xc0) == 0x80) {
            start--;
        }
        var lead = bytes[start] & 0xff;
        var size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
        return start + size > length ? start : length;
    }

    /** The newest line of a stage without colours, for a live view: from memory where this node writes it, else from its newest chunk. */
    public Optional<String> lastLine(BuildId build, int attempt, StageName stage) {
        var key = new LogKey(build, attempt, stage);
        for (var writer : writers) {
            if (writer.log().key().equals(key)) {
                return Optional.of(writer.last()).filter(line -> !line.isEmpty());
            }
        }
        return rows.newest(key).map(LogWriter::lastLine).filter(line -> !line.isEmpty());
    }

    @Override
    public void closeAll(BuildId build) {
        Undisturbed.run(() -> rows.closeAll(build).forEach(this::compact));
    }

    @Override
    public Room size(BuildId build) {
        return rows.size(build);
    }

    /** The files first: as long as there are rows, a crash between is seen and made good. */
    @Override
    public void remove(BuildId build) throws IOException {
        artifacts.delete("builds/" + build + "/logs");
        rows.remove(build);
    }

    /** Compacts what crashes have left of builds that have ended; a chore. */
    public void closeAbandoned() {
        rows.abandoned().forEach(this::closeAll);
    }

    private void closed(LogWriter writer) {
        try {
            if (rows.close(writer.log())) {
                rows.find(writer.log().key()).ifPresent(this::compact);
            }
        } catch (RuntimeException e) {
            LOG.warn(
                    "log {} stays open until its build has ended: {}",
                    writer.log().key().channelKey(),
                    e.getMessage());
        } finally {
            writers.remove(writer);
        }
    }

    /** A log that goes on after it was closed: its chunks come back, so that compacting it always writes it whole. */
    private Supplier<LogRows.State> takeBack(LogRows.State log) {
        return () -> {
            try (var in = artifacts.open(log.key().artifact())) {
                return rows.takeBack(log, in);
            } catch (IOException e) {
                LOG.warn(
                        "log {} can't be read, what follows stays in the database: {}",
                        log.key().artifact(),
                        e.getMessage());
                return log;
            }
        };
    }

    /** Moves its chunks to the artifact store; when that fails they stay where they are and read the same. */
    private void compact(LogRows.State log) {
        if (log.size() == 0 || log.compacted() > 0) {
            return;
        }
        try {
            artifacts.create(log.key().artifact(), file -> copy(log, file));
        } catch (IOException | RuntimeException e) {
            LOG.warn("log {} stays in the database: {}", log.key().artifact(), e.getMessage());
            return;
        }
        rows.compacted(log);
    }

    private void copy(LogRows.State log, OutputStream file) throws IOException {
        var copied = rows.copy(log.key(), file);
        if (copied != log.size()) {
            throw new IOException("copied " + copied + " bytes of " + log.size());
        }
    }

    private void flushNowAndThen() {
        try {
            while (true) {
                Thread.sleep(policy.flushEvery());
                flushAll();
            }
        } catch (InterruptedException stop) {
            LOG.debug("logs: no more flushing");
        }
    }

    /** All at once, so that they are written together. */
    private void flushAll() throws InterruptedException {
        var flushing = writers.stream()
                .filter(LogWriter::hasPending)
                .map(writer -> Thread.startVirtualThread(writer::flush))
                .toList();
        for (var thread : flushing) {
            thread.join();
        }
    }

    /** Writes what is pending; logs stay open, for whoever carries their builds on. */
    @Override
    public void close() {
        flusher.interrupt();
        writers.forEach(LogWriter::flush);
    }
}
