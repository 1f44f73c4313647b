package org.ifaas.store.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.publish.Confirmation;
import org.ifaas.factory.publish.Confirmation.Evidence;
import org.ifaas.factory.publish.Confirmations;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Texts;
import org.ifaas.store.sql.Times;
import org.jspecify.annotations.Nullable;

/** The confirmations in PostgreSQL. */
public final class PostgresConfirmations implements Confirmations {
    private final Sql sql;

    public PostgresConfirmations(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void record(Confirmation said) {
        var evidence = said.evidence();
        sql.write(handle -> {
            handle.createUpdate("""
                    insert into confirmation (build, step, sha256, confirmed, by, at, note, evidence, evidence_key,
                        evidence_size, evidence_sha256)
                    values (:build, :step, :sha256, :confirmed, :by, :at, :note, :evidence, :key, :size, :digest)
                    on conflict (build, step) do update set sha256 = excluded.sha256, confirmed = excluded.confirmed,
                        by = excluded.by, at = excluded.at, note = excluded.note, evidence = excluded.evidence,
                        evidence_key = excluded.evidence_key, evidence_size = excluded.evidence_size,
                        evidence_sha256 = excluded.evidence_sha256""")
                    .bind("build", said.build().value())
                    .bind("step", said.step())
                    .bind("sha256", said.sha256())
                    .bind("confirmed", said.confirmed())
                    .bind("by", Texts.storable(said.by()))
                    .bind("at", Times.stored(said.at()))
                    .bind("note", Texts.storable(said.note()))
                    .bind("evidence", evidence == null ? null : Texts.storable(evidence.name()))
                    .bind("key", evidence == null ? null : evidence.key())
                    .bind("size", evidence == null ? 0 : evidence.size())
                    .bind("digest", evidence == null ? null : evidence.sha256())
                    .execute();
            Fence.announce(handle, said.build());
        });
    }

    @Override
    public List<Confirmation> of(BuildId build) {
        return sql.query(handle -> handle.createQuery("select * from confirmation where build = ? order by step")
                .bind(0, build.value())
                .map((row, context) -> confirmation(row))
                .list());
    }

    private static Confirmation confirmation(ResultSet row) throws SQLException {
        return new Confirmation(
                new BuildId(row.getString("build")),
                row.getString("step"),
                row.getString("sha256"),
                row.getBoolean("confirmed"),
                row.getString("by"),
                Times.of(row, "at"),
                row.getString("note"),
                evidence(row));
    }

    private static @Nullable Evidence evidence(ResultSet row) throws SQLException {
        var name = row.getString("evidence");
        return name == null
                ? null
                : new Evidence(
                        name,
                        row.getString("evidence_key"),
                        row.getLong("evidence_size"),
                        row.getString("evidence_sha256"));
    }
}
