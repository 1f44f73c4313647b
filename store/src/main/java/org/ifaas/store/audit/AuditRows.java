package org.ifaas.store.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.store.sql.Json;
import org.ifaas.store.sql.Texts;
import org.ifaas.store.sql.Times;
import org.jdbi.v3.core.Handle;

/** Entries of the audit log, for whoever writes them within a transaction of its own. */
public final class AuditRows {
    private AuditRows() {}

    /** A decision, in texts that PostgreSQL takes. */
    public record Decision(String who, String action, String object, Map<String, String> details) {
        public Decision {
            who = text(who);
            action = text(action);
            object = text(object);
            var storable = new TreeMap<String, String>();
            details.forEach((name, value) -> storable.put(text(name), text(value)));
            details = storable;
        }

        private static String text(String text) {
            return String.valueOf(Texts.storable(text));
        }
    }

    /** One transaction after the other, on all nodes: each entry rests on the one before it. */
    static void lock(Handle transaction) {
        transaction.execute("lock table audit in share row exclusive mode");
    }

    public static List<AuditEntry> add(Handle transaction, InstantSource clock, List<Decision> decisions) {
        lock(transaction);
        var last = transaction
                .createQuery("select * from audit order by number desc limit 1")
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
        insert(transaction, entries);
        return entries;
    }

    private static void insert(Handle transaction, List<AuditEntry> entries) {
        var rows = transaction.prepareBatch("""
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

    static AuditEntry entry(ResultSet row) throws SQLException {
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
