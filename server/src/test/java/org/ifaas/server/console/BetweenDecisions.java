package org.ifaas.server.console;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.ifaas.factory.audit.AuditChain;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.audit.AuditLog;
import org.jspecify.annotations.Nullable;

/** Lets somebody else be faster: when all has been looked at, and before anything is decided. */
final class BetweenDecisions implements AuditLog {
    private static final Runnable NOBODY = () -> {};

    private final AtomicReference<Runnable> faster = new AtomicReference<>(NOBODY);
    private final AuditLog log;

    BetweenDecisions(AuditLog log) {
        this.log = log;
    }

    /** Before the next decision, once. */
    void faster(Runnable decision) {
        faster.set(decision);
    }

    @Override
    public AuditEntry record(String who, String action, String object, Map<String, String> details) {
        faster.getAndSet(NOBODY).run();
        return log.record(who, action, object, details);
    }

    @Override
    public <T> T record(String who, String action, String object, Map<String, String> details, Supplier<T> effect) {
        faster.getAndSet(NOBODY).run();
        return log.record(who, action, object, details, effect);
    }

    @Override
    public List<AuditEntry> list(int most, @Nullable Long before) {
        return log.list(most, before);
    }

    @Override
    public AuditChain.Verdict verify(@Nullable String known) {
        return log.verify(known);
    }
}
