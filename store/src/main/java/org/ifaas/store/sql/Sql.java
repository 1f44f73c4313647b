package org.ifaas.store.sql;

import java.sql.Types;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.SqlStatements;

/**
 * Statements and transactions that no interrupt can break. A virtual thread that is interrupted while it waits for the server
 * closes the connection, and nobody knows then whether the write took place; so each runs {@link Undisturbed}.
 */
public final class Sql {
    private final DataSource database;
    private final Jdbi jdbi;

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

    /** One statement, or several that need no common transaction. */
    public <T> T query(Function<Handle, T> query) {
        return Undisturbed.call(() -> jdbi.withHandle(query::apply));
    }

    /** All or nothing; what returns has been written. */
    public <T> T transaction(Function<Handle, T> work) {
        return Undisturbed.call(() -> jdbi.inTransaction(work::apply));
    }

    /** {@link #transaction} without a result. */
    public void write(Consumer<Handle> work) {
        transaction(handle -> {
            work.accept(handle);
            return true;
        });
    }
}
