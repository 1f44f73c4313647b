package org.ifaas.store.login;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Times;
import org.jspecify.annotations.Nullable;

/** The tokens of all nodes in PostgreSQL, also those that are over. */
public final class PostgresTokens {
    private final Sql sql;

    public PostgresTokens(Sql sql) {
        this.sql = sql;
    }

    /** Whether there was none of that name that is not revoked. */
    public boolean create(StoredToken token) {
        return sql.transaction(handle -> handle.createUpdate("""
                        insert into api_token (digest, name, owner, addresses, roles, images, region, created, expires)
                        values (:digest, :name, :owner, :addresses, :roles, :images, :region, :created, :expires)
                        on conflict do nothing""")
                        .bind("digest", token.digest())
                        .bind("name", token.name())
                        .bind("owner", token.owner())
                        .bind("addresses", String.join("\n", token.addresses()))
                        .bind("roles", String.join(",", token.roles()))
                        .bind("images", String.join(",", token.images()))
                        .bind("region", token.region())
                        .bind("created", token.created())
                        .bind("expires", token.expires())
                        .execute())
                == 1;
    }

    /** Whether it is over or not. */
    public Optional<StoredToken> find(String digest) {
        return sql.query(handle -> handle.createQuery("select * from api_token where digest = :digest")
                .bind("digest", digest)
                .map((row, context) -> token(row))
                .findOne());
    }

    /** All that there were, newest first. */
    public List<StoredToken> list() {
        return sql.query(handle -> handle.createQuery("select * from api_token order by created desc, digest")
                .map((row, context) -> token(row))
                .list());
    }

    /** Behind that token in the list. */
    public record Place(Instant created, String name) {}

    /** Those that there were, newest first, from that place on; null for all. */
    public List<StoredToken> list(int most, @Nullable Place after) {
        return sql.query(handle -> handle.createQuery("""
                        select * from api_token where :created::timestamptz is null or (created, name) < (:created, :name)
                        order by created desc, name desc limit :most""")
                .bind("created", after == null ? null : after.created())
                .bind("name", after == null ? null : after.name())
                .bind("most", most)
                .map((row, context) -> token(row))
                .list());
    }

    public void use(String digest, Instant now) {
        sql.write(handle -> handle.createUpdate("update api_token set used = :now where digest = :digest")
                .bind("digest", digest)
                .bind("now", now)
                .execute());
    }

    /** The token as it is now; empty when none of that name is not revoked already. */
    public Optional<StoredToken> revoke(String name, String by, Instant now) {
        return sql.transaction(handle -> handle.createQuery("""
                        update api_token set revoked = :now, revoked_by = :by
                        where name = :name and revoked is null returning *""")
                .bind("name", name)
                .bind("by", by)
                .bind("now", now)
                .map((row, context) -> token(row))
                .findOne());
    }

    private static StoredToken token(ResultSet row) throws SQLException {
        return new StoredToken(
                row.getString("digest"),
                row.getString("name"),
                row.getString("owner"),
                row.getString("addresses").lines().toList(),
                List.of(row.getString("roles").split(",")),
                List.of(row.getString("images").split(",")),
                row.getString("region"),
                Times.of(row, "created"),
                Times.of(row, "expires"),
                Times.orNull(row, "used"),
                Times.orNull(row, "revoked"),
                row.getString("revoked_by"));
    }
}
