package org.ifaas.store.login;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ifaas.store.sql.Sql;

/** The sessions of all nodes in PostgreSQL: signed in on one is signed in on every other. */
public final class PostgresSessions {
    private final Sql sql;

    public PostgresSessions(Sql sql) {
        this.sql = sql;
    }

    public void begin(StoredSession session) {
        sql.write(handle -> handle.createUpdate(
                        "insert into session (digest, account, addresses, roles, began, used) values (:digest, :account, :addresses, :roles, :began, :used)")
                .bind("digest", session.digest())
                .bind("account", session.account())
                .bind("addresses", String.join("\n", session.addresses()))
                .bind("roles", String.join(",", session.roles()))
                .bind("began", session.began())
                .bind("used", session.used())
                .execute());
    }

    /** The session of that digest, unless it began or was used too long ago. */
    public Optional<StoredSession> find(String digest, Instant begunAfter, Instant usedAfter) {
        return sql.query(handle -> handle.createQuery(
                        "select * from session where digest = :digest and began > :begun and used > :used")
                .bind("digest", digest)
                .bind("begun", begunAfter)
                .bind("used", usedAfter)
                .map((row, context) -> new StoredSession(
                        row.getString("digest"),
                        row.getString("account"),
                        row.getString("addresses").lines().toList(),
                        List.of(row.getString("roles").split(",")),
                        row.getTimestamp("began").toInstant(),
                        row.getTimestamp("used").toInstant()))
                .findOne());
    }

    public void use(String digest, Instant now) {
        sql.write(handle -> handle.createUpdate("update session set used = :now where digest = :digest")
                .bind("digest", digest)
                .bind("now", now)
                .execute());
    }

    public void end(String digest) {
        sql.write(handle -> handle.createUpdate("delete from session where digest = :digest")
                .bind("digest", digest)
                .execute());
    }

    /** Signs the account out everywhere. */
    public void endAll(String account) {
        sql.write(handle -> handle.createUpdate("delete from session where account = :account")
                .bind("account", account)
                .execute());
    }

    public void removeExpired(Instant begunBefore, Instant usedBefore) {
        sql.write(handle -> handle.createUpdate("delete from session where began <= :begun or used <= :used")
                .bind("begun", begunBefore)
                .bind("used", usedBefore)
                .execute());
    }

    public int count(Instant begunAfter, Instant usedAfter) {
        return sql.query(
                handle -> handle.createQuery("select count(*) from session where began > :begun and used > :used")
                        .bind("begun", begunAfter)
                        .bind("used", usedAfter)
                        .mapTo(Integer.class)
                        .one());
    }
}
