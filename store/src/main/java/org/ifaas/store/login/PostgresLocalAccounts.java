package org.ifaas.store.login;

import java.time.Instant;
import java.util.Optional;
import org.ifaas.store.sql.Sql;

/** The accounts of the factory itself; their passwords are hashed by whoever stores them. */
public final class PostgresLocalAccounts {
    private final Sql sql;

    public PostgresLocalAccounts(Sql sql) {
        this.sql = sql;
    }

    /** The hash of its password. */
    public Optional<String> password(String name) {
        return sql.query(handle -> handle.createQuery("select password from local_account where name = ?")
                .bind(0, name)
                .mapTo(String.class)
                .findOne());
    }

    /** Whether there was none of that name before: of several nodes that start at once, one makes it. */
    public boolean create(String name, String password, Instant now) {
        return sql.transaction(handle -> handle.createUpdate(
                                "insert into local_account (name, password, changed) values (:name, :password, :now) on conflict do nothing")
                        .bind("name", name)
                        .bind("password", password)
                        .bind("now", now)
                        .execute())
                == 1;
    }

    public void change(String name, String password, Instant now) {
        sql.write(handle -> handle.createUpdate("""
                        insert into local_account (name, password, changed) values (:name, :password, :now)
                        on conflict (name) do update set password = excluded.password, changed = excluded.changed""")
                .bind("name", name)
                .bind("password", password)
                .bind("now", now)
                .execute());
    }
}
