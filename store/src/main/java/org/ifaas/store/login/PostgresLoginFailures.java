package org.ifaas.store.login;

import java.time.Instant;
import org.ifaas.store.sql.Sql;

/** Logins that failed, on any node, so that guessing can be slowed down. */
public final class PostgresLoginFailures {
    private final Sql sql;

    public PostgresLoginFailures(Sql sql) {
        this.sql = sql;
    }

    /**
     * @param here those with that name from that source
     * @param ofName those with that name
     * @param ofSource those from that source
     */
    public record Count(int here, int ofName, int ofSource, int all) {}

    public Count count(String name, String source, Instant since) {
        return sql.query(handle -> handle.createQuery("""
                        select count(*) filter (where name = :name and source = :source) here,
                            count(*) filter (where name = :name) of_name,
                            count(*) filter (where source = :source) of_source, count(*) of_all
                        from login_failure where at > :since""")
                .bind("name", name)
                .bind("source", source)
                .bind("since", since)
                .map((row, context) -> new Count(
                        row.getInt("here"), row.getInt("of_name"), row.getInt("of_source"), row.getInt("of_all")))
                .one());
    }

    public void add(String name, String source, Instant now) {
        sql.write(handle -> handle.createUpdate(
                        "insert into login_failure (name, source, at) values (:name, :source, :now)")
                .bind("name", name)
                .bind("source", source)
                .bind("now", now)
                .execute());
    }

    /** Those from other sources go on counting there. */
    public void forget(String name, String source) {
        sql.write(handle -> handle.createUpdate("delete from login_failure where name = :name and source = :source")
                .bind("name", name)
                .bind("source", source)
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
