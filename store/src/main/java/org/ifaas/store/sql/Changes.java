package org.ifaas.store.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.ifaas.factory.pipeline.BuildId;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes whoever waits for a build or a log to change, on whichever node it changed. Every change has a number of this process;
 * remember {@link #seen()} <em>before</em> reading, then {@code await} what comes after it.
 */
public final class Changes implements AutoCloseable {
    public static final String BUILDS = "ifaas_build";
    public static final String LOGS = "ifaas_log";

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
    private static final int KEPT = 10_000;
    private static final int IDLE_MILLIS = 30_000;
    private static final Duration SLOWEST_RECONNECT = Duration.ofSeconds(5);

    private final DataSource database;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LinkedHashMap<String, Long> newest = new LinkedHashMap<>();
    private long counter;
    private long forgotten;
    private boolean closed;
    private volatile @Nullable Connection connection;
    private final Thread thread;

    public Changes(DataSource database) throws SQLException {
        this.database = database;
        listen();
        this.thread = Thread.ofVirtual().name("changes").start(this::follow);
    }

    /** The number of the newest change. */
    public long seen() {
        lock.lock();
        try {
            return counter;
        } finally {
            lock.unlock();
        }
    }

    /** The number of the newest change of that key, or a greater one when it was so long ago that it is forgotten. */
    public long seen(String key) {
        lock.lock();
        try {
            return newest.getOrDefault(key, forgotten);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a change of any build after {@code since}; returns a number greater than it, or {@code since} when none came. */
    public long await(long since, Duration atMost) throws InterruptedException {
        return awaitKey(BUILDS, since, atMost);
    }

    /** The same for one build. */
    public long await(BuildId build, long since, Duration atMost) throws InterruptedException {
        return awaitKey(build.value(), since, atMost);
    }

    /** The same for one key of the log channel, or of the build channel. */
    public long awaitKey(String key, long since, Duration atMost) throws InterruptedException {
        var left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (newest.getOrDefault(key, forgotten) <= since) {
                if (left <= 0 || closed) {
                    return since;
                }
                left = changed.awaitNanos(left);
            }
            return counter;
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        var pause = Duration.ofMillis(200);
        while (!isClosed()) {
            try {
                if (connection == null) {
                    listen();
                    somethingMayHaveChanged();
                    pause = Duration.ofMillis(200);
                    LOG.info("listening for changes again");
                }
                receive(connection);
            } catch (SQLException e) {
                if (isClosed()) {
                    return;
                }
                if (connection != null) {
                    LOG.warn("lost the connection that listens for changes, connecting again: {}", e.getMessage());
                }
                disconnect();
                try {
                    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                } catch (InterruptedException stop) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(SLOWEST_RECONNECT) < 0
                        ? pause.multipliedBy(2)
                        : SLOWEST_RECONNECT;
            }
        }
    }

    private void listen() throws SQLException {
        var made = database.getConnection();
        try (var statement = made.createStatement()) {
            statement.execute("listen " + BUILDS);
            statement.execute("listen " + LOGS);
        }
        connection = made;
    }

    private void receive(@Nullable Connection from) throws SQLException {
        if (from == null) {
            return;
        }
        var notifications = from.unwrap(PGConnection.class).getNotifications(IDLE_MILLIS);
        if (notifications == null || notifications.length == 0) {
            if (!from.isValid(10)) {
                throw new SQLException("the server does not answer");
            }
            return;
        }
        lock.lock();
        try {
            for (var notification : notifications) {
                counter++;
                remember(notification.getParameter());
                if (notification.getName().equals(BUILDS)) {
                    remember(BUILDS);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void remember(String key) {
        newest.remove(key);
        newest.put(key, counter);
        if (newest.size() > KEPT) {
            var oldest = newest.pollFirstEntry();
            forgotten = Math.max(forgotten, oldest.getValue());
        }
    }

    /** While nobody listened, anything may have changed. */
    private void somethingMayHaveChanged() {
        lock.lock();
        try {
            forgotten = ++counter;
            newest.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void disconnect() {
        var was = connection;
        connection = null;
        if (was != null) {
            try {
                was.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("could not end a connection", e);
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        disconnect();
        thread.interrupt();
    }
}
