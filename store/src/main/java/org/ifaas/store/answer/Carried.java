package org.ifaas.store.answer;

import org.ifaas.store.sql.Sql;

/** A request with a key that this node carries out, until it {@link #end ends} it or {@link #forget forgets} it. */
public final class Carried implements PostgresAnswers.Begun {
    private final Sql sql;
    private final String who;
    private final String key;
    private final int begun;
    private boolean effect;

    Carried(Sql sql, String who, String key, int begun) {
        this.sql = sql;
        this.who = who;
        this.key = key;
        this.begun = begun;
    }

    /**
     * It is about to: nobody begins it again from now on.
     *
     * @return false when another node has begun it meanwhile, having taken this one for dead
     */
    public boolean takesEffect() {
        effect = effect || update("update answer set effect = true where who = :who and key = :key and begun = :begun");
        return effect;
    }

    public boolean hasTakenEffect() {
        return effect;
    }

    public void end(StoredAnswer answer) {
        sql.write(handle -> handle.createUpdate("""
                        update answer set status = :status, type = :type, location = :location, body = :body
                        where who = :who and key = :key and begun = :begun""")
                .bind("who", who)
                .bind("key", key)
                .bind("begun", begun)
                .bind("status", answer.status())
                .bind("type", answer.type())
                .bind("location", answer.location())
                .bind("body", answer.body())
                .execute());
    }

    /** It came to nothing: sent again, it is carried out. */
    public void forget() {
        update("delete from answer where who = :who and key = :key and begun = :begun and status is null");
    }

    private boolean update(String statement) {
        return sql.transaction(handle -> handle.createUpdate(statement)
                        .bind("who", who)
                        .bind("key", key)
                        .bind("begun", begun)
                        .execute()
                == 1);
    }
}
