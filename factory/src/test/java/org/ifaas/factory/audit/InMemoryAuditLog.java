package org.ifaas.factory.audit;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An audit log for tests that need no database. */
public final class InMemoryAuditLog implements AuditLog {
    private final List<AuditEntry> entries = new ArrayList<>();
    private final InstantSource clock;

    public InMemoryAuditLog(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized AuditEntry record(String who, String action, String object, Map<String, String> details) {
        var head = entries.isEmpty() ? AuditEntry.START : entries.getLast().hash();
        var entry = AuditEntry.following(entries.size(), head, clock.instant(), who, action, object, details);
        entries.add(entry);
        return entry;
    }

    @Override
    public synchronized <T> T record(
            String who, String action, String object, Map<String, String> details, Supplier<T> effect) {
        var done = effect.get();
        record(who, action, object, details);
        return done;
    }

    @Override
    public synchronized List<AuditEntry> list(int most, @Nullable Long before) {
        return entries.reversed().stream()
                .filter(entry -> before == null || entry.number() < before)
                .limit(most)
                .toList();
    }

    @Override
    public synchronized AuditChain.Verdict verify(@Nullable String known) {
        var chain = new AuditChain(known);
        entries.forEach(chain);
        return chain.verdict();
    }

    /** Who did what to what, oldest first. */
    public synchronized List<String> said() {
        return entries.stream()
                .map(entry -> entry.who() + " " + entry.action() + " " + entry.object())
                .toList();
    }
}
