package org.ifaas.store.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ifaas.store.sql.Schema;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.StoreFailure;

/**
 * Everything in the database as one file, from any PostgreSQL to any other; the way to a new major version as well. See
 * {@link BackupFile} for its form. The queue is not in it: it follows from the builds. Artifacts are not in it either.
 */
public final class Backup {
    private final Sql sql;
    private final InstantSource clock;

    public Backup(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * Writes all of one moment while builds go on.
     *
     * @return rows by table
     */
    public Map<String, Long> backup(OutputStream to) throws IOException {
        return Streamed.call(() -> sql.streamed(handle -> Streamed.io(() -> {
            handle.execute("set transaction isolation level repeatable read read only");
            try (var file = new BackupFile.Writer(to, Schema.version(sql), clock.instant())) {
                for (var table : Schema.TABLES) {
                    try (var rows = handle
                            .createQuery("select row_to_json(t)::text from " + table + " t")
                            .setFetchSize(64)
                            .mapTo(String.class)
                            .stream()) {
                        for (var row : (Iterable<String>) rows::iterator) {
                            file.row(table, row);
                        }
                    }
                }
                return file.end();
            }
        })));
    }

    /**
     * Fills an empty database; all or nothing. Builds that had not ended go on with the next start of a queue.
     *
     * @return rows by table
     * @throws StoreFailure when the database is not empty, or the file is not whole, not ours, or of a later release
     */
    public Map<String, Long> restore(InputStream from) throws IOException {
        return Streamed.call(() -> Streamed.io(() -> {
            try (var file = new BackupFile.Reader(from)) {
                requireEmpty();
                if (file.schema() > Schema.VERSION) {
                    throw new StoreFailure(
                            "backup",
                            "schema " + file.schema(),
                            "is of a later release; this one knows " + Schema.VERSION,
                            "Restore it with the release that wrote it, or a later one.");
                }
                if (file.schema() < Schema.version(sql)) {
                    Schema.drop(sql);
                    Schema.migrateTo(sql.database(), file.schema());
                }
                var rows = sql.streamed(handle -> Streamed.io(() -> {
                    var counts = new LinkedHashMap<String, Long>();
                    for (var row = file.next(); row != null; row = file.next()) {
                        if (!Schema.TABLES.contains(row.table())) {
                            throw new StoreFailure(
                                    "backup",
                                    "table " + row.table(),
                                    "is unknown",
                                    "Restore it with the release that wrote it.");
                        }
                        handle.createUpdate("insert into " + row.table() + " select * from jsonb_populate_record(null::"
                                        + row.table() + ", ?::jsonb)")
                                .bind(0, row.json())
                                .execute();
                        counts.merge(row.table(), 1L, Long::sum);
                    }
                    file.check(counts);
                    return counts;
                }));
                Schema.migrate(sql.database());
                return (Map<String, Long>) rows;
            }
        }));
    }

    private void requireEmpty() {
        for (var table : Schema.TABLES) {
            var filled = sql.query(handle -> handle.createQuery("select exists (select from " + table + ")")
                    .mapTo(Boolean.class)
                    .one());
            if (filled) {
                throw new StoreFailure(
                        "database",
                        table,
                        "has rows, and a backup is restored into an empty database only",
                        "Make a new database (for the embedded one: move its folder away) and restore into that.");
            }
        }
    }
}
