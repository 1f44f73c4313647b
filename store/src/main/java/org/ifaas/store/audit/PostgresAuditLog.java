package org.ifaas.store.audit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.audit.AuditChain;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.store.audit.AuditRows.Decision;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Together;
import org.jspecify.annotations.Nullable;

/** The audit log in PostgreSQL, which refuses to change or delete what is in it. */
public final class PostgresAuditLog implements AuditLog {
    private static final int AT_ONCE = 500;

    private final Sql sql;
    private final Together<Decision, AuditEntry> decisions;

    public PostgresAuditLog(Sql sql, InstantSource clock) {
        this.sql = sql;
        // Those of one node that wait share a commit.
        this.decisions = new Together<>(
                AT_ONCE, Duration.ZERO, waiting -> sql.transaction(handle -> AuditRows.add(handle, clock, waiting)));
    }

    @Override
    public AuditEntry record(String who, String action, String object, Map<String, String> details) {
        return decisions.ask(new Decision(who, action, object, details));
    }

    @Override
    public List<AuditEntry> list(int most, @Nullable Long before) {
        return sql.query(handle -> handle.createQuery("""
                        select * from audit where :before::bigint is null or number < :before
                        order by number desc limit :most""")
                .bind("before", before)
                .bind("most", most)
                .map((row, context) -> AuditRows.entry(row))
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
                .map((row, context) -> AuditRows.entry(row))
                .list());
    }
}
