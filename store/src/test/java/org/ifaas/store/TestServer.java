package org.ifaas.store;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.Database;
import org.ifaas.store.sql.Schema;
import org.ifaas.store.sql.Sql;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A PostgreSQL that a whole run of tests shares; each asks for an empty database of its own. */
public abstract class TestServer implements AutoCloseable {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    protected abstract Address address();

    public abstract int major();

    @Override
    public abstract void close();

    /** Of each thread, as tests run beside each other. */
    private final ThreadLocal<Database.Served> clean = ThreadLocal.withInitial(() -> {
        var made = emptyDatabase();
        Schema.migrate(Address.of(made).dataSource());
        return made;
    });

    /** A database with all tables and no row; the same for test after test, for migrating takes longer than most of them. */
    public final Database.Served cleanDatabase() {
        var clean = this.clean.get();
        new Sql(Address.of(clean).dataSource()).write(handle -> {
            handle.execute("alter table audit disable trigger user");
            handle.execute("truncate " + String.join(", ", Schema.NOT_BACKED_UP) + ", "
                    + String.join(", ", Schema.TABLES) + " cascade");
            handle.execute("alter table audit enable trigger user");
        });
        return clean;
    }

    /** One without tables: an empty schema serves as one. */
    public final Database.Served emptyDatabase() {
        var schema = "test" + DATABASES.incrementAndGet();
        try (var connection = address().dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create schema " + schema);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new Database.Served(
                address().jdbcUrl() + "?currentSchema=" + schema,
                address().user(),
                address().password());
    }

    /** PostgreSQL 18 from the class path. */
    public static TestServer embedded() {
        return Running.embedded();
    }

    /** The PostgreSQL of the Debian that the tests run on. */
    public static TestServer debian() {
        return Running.debian();
    }

    /** Stops the servers when the last test has ended. */
    public static final class Running implements BeforeAllCallback {
        private static @Nullable TestServer embedded;
        private static @Nullable TestServer debian;

        private static synchronized TestServer embedded() {
            if (embedded == null) {
                embedded = new Embedded18();
            }
            return embedded;
        }

        private static synchronized TestServer debian() {
            if (debian == null) {
                debian = new DebianServer();
            }
            return debian;
        }

        private static synchronized void stop() {
            if (embedded != null) {
                embedded.close();
                embedded = null;
            }
            if (debian != null) {
                debian.close();
                debian = null;
            }
        }

        @Override
        public void beforeAll(ExtensionContext context) {
            context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent("servers", key ->
                    (AutoCloseable) Running::stop);
        }
    }
}
