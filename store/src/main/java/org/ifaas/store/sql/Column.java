package org.ifaas.store.sql;

import org.jdbi.v3.core.argument.Argument;

/** Values of many rows as arrays, one for each column, as {@code unnest} takes them. */
public final class Column {
    private Column() {}

    public static Argument text(String[] values) {
        return of("text", values);
    }

    public static Argument integer(Integer[] values) {
        return of("integer", values);
    }

    public static Argument bigint(Long[] values) {
        return of("bigint", values);
    }

    public static Argument bytea(byte[][] values) {
        return of("bytea", values);
    }

    private static Argument of(String type, Object[] values) {
        return (position, statement, context) ->
                statement.setArray(position, statement.getConnection().createArrayOf(type, values));
    }
}
