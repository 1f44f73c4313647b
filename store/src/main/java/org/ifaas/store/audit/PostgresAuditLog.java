package org.ifaas.store.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.factory.audit.AuditChain;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.store.sql.Json;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Texts;
import org.ifaas.store.sql.Times;
import org.ifaas.store.sql.Together;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The audit log in PostgreSQL, which refuses to change or delete what is in it. */
public final class PostgresAuditLog implements AuditLog {
    private static final int AT_ONCE = 500;

    private final Sql sql;
    private final InstantSource clock;
    private final Together<Decision, AuditEntry> decisions = new Together<>(AT_ONCE, Duration.ZERO, this::write);

    public PostgresAuditLog(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    @Override
    public AuditEntry record(String who, String action, String object, Map<String, String> details) {
        var storable = new TreeMap<String, String>();
        details.forEach((name, value) -> storable.put(text(name), text(value)));
        return decisions.ask(new Decision(text(who), text(action), text(object), storable));
    }

    private record Decision(String who, String action, String object, Map<String, String> details) {}

    /** One after the other, on all nodes: each rests on the one before it. Those of one node that wait share a commit. */
    private List<AuditEntry> write(List<Decision> decisions) {
        return sql.transaction(handle -> {
            handle.execute("lock table audit in share row exclusive mode");
            var last = handle.createQuery("select * from audit order by number desc limit 1")
                    .map((row, context) -> entry(row))
                    .findOne();
            long number = last.map(AuditEntry::number).orElse(0L);
            var hash = last.map(AuditEntry::hash).orElse(AuditEntry.START);
            var entries = new ArrayList<AuditEntry>();
            for (var decision : decisions) {
                var entry = AuditEntry.following(
                        number,
                        hash,
                        clock.instant(),
                        decision.who(),
                        decision.action(),
                        decision.object(),
                        decision.details());
                entries.add(entry);
                number = entry.number();
                hash = entry.hash();
            }
            insert(handle, entries);
            return entries;
        });
    }

    private static void insert(Handle handle, List<AuditEntry> entries) {
        var rows = handle.prepareBatch("""
                insert into audit (number, at, who, action, object, details, previous, hash)
                values (:number, :at, :who, :action, :object, :details, :previous, :hash)""");
        for (var entry : entries) {
            rows.bind("number", entry.number())
                    .bind("at", entry.at())
                    .bind("who", entry.who())
                    .bind("action", entry.action())
                    .bind("object", entry.object())
                    .bind("details", Json.write(entry.details()))
                    .bind("previous", entry.previous())
                    .bind("hash", entry.hash())
                    .add();
        }
        rows.execute();
    }

    private static String text(String text) {
        return String.valueOf(Texts.storable(text));
    }

    @Override
    public List<AuditEntry> list(int most, @Nullable Long before) {
        return sql.query(handle -> handle.createQuery("""
                        select * from audit where :before::bigint is null or number < :before
                        order by number desc limit :most""")
                .bind("before", before)
                .bind("most", most)
                .map((row, context) -> entry(row))
                .list());
    }

    @Override
    public AuditChain.Verdict verify(@Nullable String known) {
        var chain = new AuditChain(known);
        var after = Long.MIN_VALUE;
        while (true) {
            var entries = after(after);
            if (entries.isEmpty()) {
                return chain.verdict();
            }
            entries.forEach(chain);
            after = entries.getLast().number();
        }
    }

    private List<AuditEntry> after(long number) {
        return sql.query(handle -> handle.createQuery("select * from audit where number > ? order by number limit ?")
                .bind(0, number)
                .bind(1, AT_ONCE)
                .map((row, context) -> entry(row))
                .list());
    }

    private static AuditEntry entry(ResultSet row) throws SQLException {
        return new AuditEntry(
                row.getLong("number"),
                Times.of(row, "at"),
                row.getString("who"),
                row.getString("action"),
                row.getString("object"),
                details(row.getString("details")),
                row.getString("previous"),
                row.getString("hash"));
    }

    private static Map<String, String> details(String json) {
        var details = new TreeMap<String, String>();
        Json.read(json, Map.class).forEach((name, value) -> details.put(String.valueOf(name), String.valueOf(value)));
        return details;
    }
}
