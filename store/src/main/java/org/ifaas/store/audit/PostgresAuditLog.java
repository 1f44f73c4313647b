package org.ifaas.store.audit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.ifaas.factory.audit.AuditChain;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.store.audit.AuditRows.Decision;
import org.ifaas.store.sql.Sql;
import org.ifaas.store.sql.Together;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** The audit log in PostgreSQL, which refuses to change or delete what is in it. */
public final class PostgresAuditLog implements AuditLog {
    private static final int AT_ONCE = 500;
    private static final Runnable NO_EFFECT = () -> {};
    private static final String BEFORE_EFFECT = "before_effect";

    private final Sql sql;
    private final InstantSource clock;
    private final Together<Asked, Taken> decisions;

    private record Asked(Decision decision, Runnable effect) {}

    /** One of both is null: why it was not taken. */
    private record Taken(
            @Nullable AuditEntry entry, @Nullable RuntimeException refused) {}

    public PostgresAuditLog(Sql sql, InstantSource clock) {
        this.sql = sql;
        // Those of one node that wait share a commit.
        this.clock = clock;
        this.decisions =
                new Together<>(AT_ONCE, Duration.ZERO, waiting -> sql.joined(handle -> taken(handle, waiting)));
    }

    /** The log is locked before any effect takes place: two nodes that take decisions wait for each other in no other order. */
    private List<Taken> taken(Handle handle, List<Asked> waiting) {
        AuditRows.lock(handle);
        var refusals = waiting.stream().map(asked -> refused(handle, asked)).toList();
        var decisions = new ArrayList<Decision>();
        for (int i = 0; i < waiting.size(); i++) {
            if (refusals.get(i).refused() == null) {
                decisions.add(waiting.get(i).decision());
            }
        }
        var entries = AuditRows.add(handle, clock, decisions).iterator();
        return refusals.stream()
                .map(taken -> taken.refused() == null ? new Taken(entries.next(), null) : taken)
                .toList();
    }

    /** What one effect throws undoes that one; what the database throws undoes all. */
    private static Taken refused(Handle handle, Asked asked) {
        if (asked.effect() == NO_EFFECT) {
            return new Taken(null, null);
        }
        handle.savepoint(BEFORE_EFFECT);
        try {
            asked.effect().run();
            handle.releaseSavepoint(BEFORE_EFFECT);
            return new Taken(null, null);
        } catch (JdbiException e) {
            throw e;
        } catch (RuntimeException e) {
            handle.rollbackToSavepoint(BEFORE_EFFECT);
            return new Taken(null, e);
        }
    }

    @Override
    public AuditEntry record(String who, String action, String object, Map<String, String> details) {
        return decide(new Decision(who, action, object, details), NO_EFFECT);
    }

    @Override
    public <T> T record(String who, String action, String object, Map<String, String> details, Supplier<T> effect) {
        var done = new AtomicReference<T>();
        decide(new Decision(who, action, object, details), () -> done.set(effect.get()));
        return Objects.requireNonNull(done.get());
    }

    private AuditEntry decide(Decision decision, Runnable effect) {
        var taken = decisions.ask(new Asked(decision, effect));
        if (taken.refused() != null) {
            throw taken.refused();
        }
        return Objects.requireNonNull(taken.entry());
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
