package org.ifaas.store.login;

import java.time.Instant;
import org.ifaas.store.sql.Sql;

/** Logins that failed, on any node, so that guessing can be slowed down. */
public final class PostgresLoginFailures {
    private final Sql sql;

    public PostgresLoginFailures(Sql sql) {
        this.sql = sql;
    }

    /** @param ofName those with that name; {@code all} those with any */
    public record Count(int ofName, int all) {}

    public Count count(String name, Instant since) {
        return sql.query(handle -> handle.createQuery(
                        "select count(*) filter (where name = :name) of_name, count(*) of_all from login_failure where at > :since")
                .bind("name", name)
                .bind("since", since)
                .map((row, context) -> new Count(row.getInt("of_name"), row.getInt("of_all")))
                .one());
    }

    public void add(String name, Instant now) {
        sql.write(handle -> handle.createUpdate("insert into login_failure (name, at) values (:name, :now)")
                .bind("name", name)
                .bind("now", now)
                .execute());
    }

    public void forget(String name) {
        sql.write(handle -> handle.createUpdate("delete from login_failure where name = :name")
                .bind("name", name)
                .execute());
    }

    public void forgetBefore(Instant time) {
        sql.write(handle -> handle.createUpdate("delete from login_failure where at <= :time")
                .bind("time", time)
                .execute());
    }
}
