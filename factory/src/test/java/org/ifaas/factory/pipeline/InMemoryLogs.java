package org.ifaas.factory.pipeline;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Logs for tests that need no database; they keep whatever is written. */
public final class InMemoryLogs implements Logs {
    private record Key(BuildId build, int attempt, StageName stage) {}

    private static final class Log {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Map<String, Long> reached = new HashMap<>();
        private boolean open;
    }

    private final Map<Key, Log> logs = new HashMap<>();
    private final Set<BuildId> closed = new HashSet<>();

    @Override
    public synchronized Writer open(BuildId build, int attempt, StageName stage) {
        var log = logs.computeIfAbsent(new Key(build, attempt, stage), key -> new Log());
        log.open = true;
        return new Writer() {
            @Override
            public void line(String text) {
                synchronized (InMemoryLogs.this) {
                    log.bytes.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
                    InMemoryLogs.this.notifyAll();
                }
            }

            @Override
            public void lines(List<String> lines, String source, long reached) {
                synchronized (InMemoryLogs.this) {
                    lines.forEach(this::line);
                    log.reached.put(source, reached);
                }
            }

            @Override
            public long reached(String source) {
                synchronized (InMemoryLogs.this) {
                    return log.reached.getOrDefault(source, 0L);
                }
            }

            @Override
            public void close() {
                synchronized (InMemoryLogs.this) {
                    log.open = false;
                    InMemoryLogs.this.notifyAll();
                }
            }
        };
    }

    @Override
    public synchronized Chunk read(BuildId build, int attempt, StageName stage, long offset, Duration wait)
            throws InterruptedException {
        var key = new Key(build, attempt, stage);
        var until = System.nanoTime() + wait.toNanos();
        while (true) {
            var log = logs.get(key);
            var open = log == null ? !closed.contains(build) : log.open;
            var bytes = log == null ? new byte[0] : log.bytes.toByteArray();
            var left = until - System.nanoTime();
            if (offset < bytes.length || !open || left <= 0) {
                var from = (int) Math.min(offset, bytes.length);
                var text = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
                return new Chunk(text, Math.max(offset, bytes.length), open);
            }
            wait(left / 1_000_000 + 1);
        }
    }

    @Override
    public synchronized void closeAll(BuildId build) {
        closed.add(build);
        logs.forEach((key, log) -> log.open = log.open && !key.build().equals(build));
        notifyAll();
    }

    @Override
    public synchronized Room size(BuildId build) {
        var own = logs.entrySet().stream()
                .filter(log -> log.getKey().build().equals(build))
                .mapToLong(log -> log.getValue().bytes.size())
                .toArray();
        return new Room(own.length, LongStream.of(own).sum());
    }

    @Override
    public synchronized void remove(BuildId build) {
        logs.keySet().removeIf(key -> key.build().equals(build));
    }

    /** All that a stage has written. */
    public synchronized String text(BuildId build, int attempt, StageName stage) {
        var log = logs.get(new Key(build, attempt, stage));
        return log == null ? "" : log.bytes.toString(StandardCharsets.UTF_8);
    }
}
