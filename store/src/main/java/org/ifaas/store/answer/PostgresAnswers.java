package org.ifaas.store.answer;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ifaas.store.sql.Sql;
import org.jspecify.annotations.Nullable;

/** The answers of all nodes to requests that carry a key, by who sent it. */
public final class PostgresAnswers {
    /** After so long without an answer, the node that carried the request out is taken for dead. */
    private static final Duration CARRIED_OUT = Duration.ofMinutes(2);

    private final Sql sql;
    private final Duration kept;

    /** @param kept for how long a request may be sent again */
    public PostgresAnswers(Sql sql, Duration kept) {
        this.sql = sql;
        this.kept = kept;
    }

    /**
     * A request that came before with the same key.
     *
     * @param request as {@link #begin} was told
     * @param answer null while it is being carried out
     */
    public record Known(String request, @Nullable StoredAnswer answer) {}

    /**
     * Empty when the caller is to carry the request out, and then to {@link #end} or to {@link #forget} it; nobody else does
     * meanwhile.
     *
     * @param request what says whether another one is the same
     */
    public Optional<Known> begin(String who, String key, String request, Instant now) {
        while (true) {
            if (begun(who, key, request, now)) {
                return Optional.empty();
            }
            var known = find(who, key);
            if (known.isPresent()) {
                return known;
            }
            // It was forgotten meanwhile.
        }
    }

    private boolean begun(String who, String key, String request, Instant now) {
        return sql.transaction(handle -> handle.createUpdate("""
                            insert into answer (who, key, request, at) values (:who, :key, :request, :now)
                            on conflict (who, key) do update set request = excluded.request, at = excluded.at,
                                status = null, type = null, location = null, body = null
                            where answer.at < :over
                                or answer.status is null and answer.at < :dead and answer.request = excluded.request""")
                        .bind("who", who)
                        .bind("key", key)
                        .bind("request", request)
                        .bind("now", now)
                        .bind("over", now.minus(kept))
                        .bind("dead", now.minus(CARRIED_OUT))
                        .execute()
                == 1);
    }

    /** Those that are over. */
    public void remove(Instant now) {
        sql.write(handle -> handle.createUpdate("delete from answer where at < :over")
                .bind("over", now.minus(kept))
                .execute());
    }

    private Optional<Known> find(String who, String key) {
        return sql.query(handle -> handle.createQuery("select * from answer where who = :who and key = :key")
                .bind("who", who)
                .bind("key", key)
                .map((row, context) -> known(row))
                .findOne());
    }

    public void end(String who, String key, StoredAnswer answer) {
        sql.write(handle -> handle.createUpdate("""
                        update answer set status = :status, type = :type, location = :location, body = :body
                        where who = :who and key = :key""")
                .bind("who", who)
                .bind("key", key)
                .bind("status", answer.status())
                .bind("type", answer.type())
                .bind("location", answer.location())
                .bind("body", answer.body())
                .execute());
    }

    /** It came to nothing: sent again, it is carried out. */
    public void forget(String who, String key) {
        sql.write(handle -> handle.createUpdate("delete from answer where who = :who and key = :key and status is null")
                .bind("who", who)
                .bind("key", key)
                .execute());
    }

    private static Known known(ResultSet row) throws SQLException {
        int status = row.getInt("status");
        return new Known(
                row.getString("request"),
                status == 0
                        ? null
                        : new StoredAnswer(
                                status, row.getString("type"), row.getString("location"), row.getString("body")));
    }
}
