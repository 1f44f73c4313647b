package org.ifaas.store.answer;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Times;
import org.jspecify.annotations.Nullable;

/**
 * The answers of all nodes to requests that carry a key, by who sent it. A node that dies leaves a request unanswered: as long as
 * it has not taken effect another may begin it, after that nobody.
 */
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

    /** What has become of a request with a key. */
    public sealed interface Begun permits Carried, Known {}

    /**
     * A request that came before with the same key.
     *
     * @param request as {@link #begin} was told
     * @param answer null where there is none
     * @param lost whether there will be none: it has taken effect, and whoever carried it out is taken for dead
     */
    public record Known(String request, @Nullable StoredAnswer answer, boolean lost) implements Begun {}

    /**
     * {@link Carried} when the caller is to carry the request out; nobody else does meanwhile.
     *
     * @param request what says whether another one is the same
     */
    public Begun begin(String who, String key, String request, Instant now) {
        while (true) {
            var carried = begun(who, key, request, now);
            if (carried.isPresent()) {
                return carried.get();
            }
            var known = find(who, key, now);
            if (known.isPresent()) {
                return known.get();
            }
            // It was forgotten meanwhile.
        }
    }

    private Optional<Carried> begun(String who, String key, String request, Instant now) {
        return sql.transaction(handle -> handle.createQuery("""
                            insert into answer (who, key, request, at) values (:who, :key, :request, :now)
                            on conflict (who, key) do update set request = excluded.request, at = excluded.at,
                                begun = answer.begun + 1, effect = false,
                                status = null, type = null, location = null, body = null
                            where answer.at < :over
                                or answer.status is null and not answer.effect
                                    and answer.at < :dead and answer.request = excluded.request
                            returning begun""")
                .bind("who", who)
                .bind("key", key)
                .bind("request", request)
                .bind("now", now)
                .bind("over", now.minus(kept))
                .bind("dead", now.minus(CARRIED_OUT))
                .mapTo(Integer.class)
                .findOne()
                .map(begun -> new Carried(sql, who, key, begun)));
    }

    /** Those that are over. */
    public void remove(Instant now) {
        sql.write(handle -> handle.createUpdate("delete from answer where at < :over")
                .bind("over", now.minus(kept))
                .execute());
    }

    private Optional<Known> find(String who, String key, Instant now) {
        return sql.query(handle -> handle.createQuery("select * from answer where who = :who and key = :key")
                .bind("who", who)
                .bind("key", key)
                .map((row, context) -> known(row, now))
                .findOne());
    }

    private static Known known(ResultSet row, Instant now) throws SQLException {
        int status = row.getInt("status");
        return status == 0
                ? new Known(
                        row.getString("request"),
                        null,
                        row.getBoolean("effect") && Times.of(row, "at").isBefore(now.minus(CARRIED_OUT)))
                : new Known(
                        row.getString("request"),
                        new StoredAnswer(
                                status, row.getString("type"), row.getString("location"), row.getString("body")),
                        false);
    }
}
