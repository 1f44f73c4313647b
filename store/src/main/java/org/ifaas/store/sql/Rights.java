package org.ifaas.store.sql;

import java.util.List;
import java.util.stream.Stream;

/** What the factory's user may do in its schema. */
public final class Rights {
    private static final String OWN = "Let the factory's database user own the database and all that is in it.";

    private Rights() {}

    /**
     * That it may read and write all tables.
     *
     * @throws StoreFailure when it may not
     */
    public static String ofToday(Sql sql) {
        var closed = tables(sql, "not (has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert'))");
        if (!closed.isEmpty()) {
            throw new StoreFailure("tables", String.join(", ", closed), "may not be read and written", OWN);
        }
        return "may be read and written";
    }

    /**
     * That this release knows the schema, and that the next one may change it.
     *
     * @return which version it is
     * @throws StoreFailure when one of both is not so
     */
    public static String ofTheNextRelease(Sql sql) {
        int there = Schema.version(sql);
        if (there > Schema.VERSION) {
            throw new StoreFailure(
                    "schema",
                    "version " + there,
                    "is of a later release: this one knows " + Schema.VERSION,
                    "Bring this node to the release of the others; to go back, restore a backup into a fresh database.");
        }
        if (!may(sql, "has_schema_privilege(current_schema(), 'create')")) {
            throw new StoreFailure(
                    "schema",
                    "version " + there,
                    "can't be brought up to date by the next release: it may not make tables",
                    "Let the factory's database user own the database, or grant it CREATE on its schema.");
        }
        var others = tables(sql, "not pg_has_role(relowner, 'usage')");
        if (!others.isEmpty()) {
            throw new StoreFailure(
                    "schema",
                    "version " + there,
                    "can't be brought up to date by the next release: others own " + String.join(", ", others),
                    OWN);
        }
        return "version " + there;
    }

    private static boolean may(Sql sql, String right) {
        return sql.query(handle -> handle.createQuery("select coalesce(" + right + ", false)")
                .mapTo(Boolean.class)
                .one());
    }

    private static List<String> tables(Sql sql, String condition) {
        return sql.query(handle -> handle.createQuery(
                        "select relname from pg_class where relnamespace = to_regnamespace(current_schema()) and relkind = 'r'"
                                + " and relname = any(:ours) and " + condition + " order by relname")
                .bind(
                        "ours",
                        Stream.concat(Schema.TABLES.stream(), Schema.NOT_BACKED_UP.stream())
                                .toArray(String[]::new))
                .mapTo(String.class)
                .list());
    }
}
