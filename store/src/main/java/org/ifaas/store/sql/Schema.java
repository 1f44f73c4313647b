package org.ifaas.store.sql;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables and their version. Migrations lie in {@code org/ifaas/store/migration}. */
public final class Schema {
    /** The newest migration. */
    public static final int VERSION = 21;

    /** All tables that are backed up, in an order in which they can be filled. */
    public static final List<String> TABLES = List.of(
            "build",
            "stage_run",
            "fact",
            "publication_request",
            "region_publication",
            "stage_log",
            "log_chunk",
            "event",
            "delivery",
            "schedule",
            "audit",
            "api_token",
            "confirmation");

    /** What follows from those, who is signed in, and what may be sent again for a day: after a restore everybody signs in anew. */
    public static final List<String> NOT_BACKED_UP =
            List.of("build_queue", "chore", "session", "login_failure", "local_account", "answer");

    private static final String HISTORY = "flyway_schema_history";
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final String UNDEFINED_TABLE = "42P01";

    private Schema() {}

    /** Brings the tables to {@link #VERSION}; a schema of a later release is left as it is. */
    public static void migrate(DataSource database) {
        // Flyway takes most of a second to find out that there is nothing to do.
        var there = version(new Sql(database));
        if (there >= VERSION) {
            if (there > VERSION) {
                LOG.warn("the database's schema has version {}, of a later release; this one knows {}", there, VERSION);
            }
            return;
        }
        migrateTo(database, VERSION);
    }

    /** Brings the tables to that version, for the restore of an older backup. */
    public static void migrateTo(DataSource database, int version) {
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(database)
                    .locations("classpath:org/ifaas/store/migration")
                    .target(Integer.toString(version))
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StoreFailure(
                    "database",
                    "schema " + version,
                    "can't be brought up to date: " + firstLine(e),
                    "Let the factory's database user own the database, or grant it CREATE on its schema.",
                    e);
        }
    }

    /** The version of the tables that are there; 0 when there are none. */
    public static int version(Sql sql) {
        try {
            return sql.query(handle -> handle.createQuery(
                            "select coalesce(max(version::int), 0) from flyway_schema_history where success and version is not null")
                    .mapTo(Integer.class)
                    .one());
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof SQLException cause && UNDEFINED_TABLE.equals(cause.getSQLState())) {
                return 0;
            }
            throw e;
        }
    }

    /** Drops the tables; for a restore that begins with an older schema, and only when they are empty. */
    public static void drop(Sql sql) {
        sql.write(handle -> {
            for (var tables : List.of(List.of(HISTORY), NOT_BACKED_UP, TABLES.reversed())) {
                tables.forEach(table -> handle.execute("drop table if exists " + table + " cascade"));
            }
            handle.execute("drop function if exists audit_stays");
        });
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
