package org.ifaas.store.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Instants on their way into a column and out of it. */
public final class Times {
    private Times() {}

    /** In microseconds, as PostgreSQL keeps it: what is returned now equals what is read later. */
    public static Instant stored(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    /** Null where the column is. */
    public static @Nullable Instant orNull(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    public static Instant of(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }
}
