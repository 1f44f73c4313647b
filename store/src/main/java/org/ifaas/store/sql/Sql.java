package org.ifaas.store.sql;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Types;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.ifaas.factory.pipeline.JournalAway;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.transaction.TransactionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statements and transactions that no interrupt can break, nor a server that is away for a moment. A virtual thread that is
 * interrupted while it waits for the server closes the connection, and nobody knows then whether the write took place; so each
 * runs {@link Undisturbed}. What a server that stops has cut off, and so undone, is done again when it is back; it may be away for
 * as long as one waits for a connection.
 */
public final class Sql {
    /** For how long connections of before are tried, of which a pool may have many. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Connections that can't be made or broke, servers that stop, start or have no connection to spare. */
    private static final Pattern AWAY = Pattern.compile("08...|57P0[1-4]|53300");

    private static final Logger LOG = LoggerFactory.getLogger(Sql.class);
    /** PostgreSQL's disk_full. To try again at once would be in vain. */
    private static final Pattern FULL = Pattern.compile("53100");

    private final DataSource database;
    private final Jdbi jdbi;

    /** The transaction of which what this thread asks is a part. */
    private final ScopedValue<Handle> joined = ScopedValue.newInstance();

    public Sql(DataSource database) {
        this.database = database;
        this.jdbi = Jdbi.create(database);
        jdbi.getConfig(SqlStatements.class).setSqlParser(new PlainParser());
        jdbi.registerArgument(new PlainText());
    }

    /** PostgreSQL has no text with U+0000: whoever asks for such finds nothing. */
    private static final class PlainText extends AbstractArgumentFactory<String> {
        private PlainText() {
            super(Types.VARCHAR);
        }

        @Override
        protected Argument build(String text, ConfigRegistry config) {
            return (position, statement, context) -> statement.setString(position, text.replace('\0', '\ufffd'));
        }
    }

    public DataSource database() {
        return database;
    }

    /**
     * One statement, or several that need no common transaction.
     *
     * @throws JournalAway when the server does not come back, or has no room to write
     */
    public <T> T query(Function<Handle, T> query) {
        if (joined.isBound()) {
            return query.apply(joined.get());
        }
        return Undisturbed.call(() -> tried(() -> jdbi.withHandle(query::apply), PATIENCE));
    }

    /**
     * All or nothing; what returns has been written.
     *
     * @throws JournalAway when the server does not come back, has no room to write, or was lost in the moment when it said
     *     whether it was written
     */
    public <T> T transaction(Function<Handle, T> work) {
        if (joined.isBound()) {
            return work.apply(joined.get());
        }
        return Undisturbed.call(() -> tried(() -> jdbi.inTransaction(work::apply), PATIENCE));
    }

    /** The same; what the work asks of these statements and transactions meanwhile, in its own thread, is part of this one. */
    public <T> T joined(Function<Handle, T> work) {
        return transaction(handle -> ScopedValue.where(joined, handle).call(() -> work.apply(handle)));
    }

    /**
     * Holds what is named so against everybody else, on all nodes, and waits until nobody else does. It takes a connection; a
     * server that is lost lets go of it.
     */
    public Held hold(String name) {
        return Undisturbed.call(() -> tried(
                () -> {
                    var handle = jdbi.open();
                    var held = new Held(handle);
                    try {
                        handle.begin().execute("select pg_advisory_xact_lock(hashtextextended(?, 0))", name);
                        return held;
                    } catch (RuntimeException e) {
                        held.close();
                        throw e;
                    }
                },
                PATIENCE));
    }

    /** Until it is closed. */
    public static final class Held implements AutoCloseable {
        private final Handle handle;

        private Held(Handle handle) {
            this.handle = handle;
        }

        @Override
        public void close() {
            Undisturbed.run(() -> {
                try (handle) {
                    handle.rollback();
                } catch (JdbiException e) {
                    LOG.debug("the server has let go before: {}", e.getMessage());
                }
            });
        }
    }

    /** The same, for work that can be done once only: it reads from a stream or writes to one. */
    public <T> T streamed(Function<Handle, T> work) {
        return Undisturbed.call(() -> tried(() -> jdbi.inTransaction(work::apply), Duration.ZERO));
    }

    private static <T> T tried(Supplier<T> work, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return work.get();
            } catch (JdbiException e) {
                if (says(FULL, e)) {
                    throw JournalAway.full(e);
                }
                if (!isAway(e)) {
                    throw e;
                }
                if (System.nanoTime() - until >= 0
                        || e instanceof ConnectionException
                        || e instanceof TransactionException) {
                    throw new JournalAway(e);
                }
            }
        }
    }

    /** Whether it is the server, and not what was asked of it. */
    private static boolean isAway(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return true;
            }
        }
        return says(AWAY, e);
    }

    private static boolean says(Pattern state, Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && state.matcher(sql.getSQLState()).matches()) {
                return true;
            }
        }
        return false;
    }

    /** {@link #transaction} without a result. */
    public void write(Consumer<Handle> work) {
        transaction(handle -> {
            work.accept(handle);
            return true;
        });
    }
}
