package org.ifaas.server.api;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.ifaas.factory.audit.AuditChain;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.audit.AuditLog;
import org.jspecify.annotations.Nullable;

/** Every decision is written down before or as it takes effect: with its entry, what is asked for once begins to do so. */
public final class AuditOnce implements AuditLog {
    private static final ScopedValue<Runnable> BEFORE = ScopedValue.newInstance();

    private final AuditLog log;

    public AuditOnce(AuditLog log) {
        this.log = log;
    }

    /** @param before runs before each entry that the request writes; what it throws lets the request take no effect */
    static void during(Runnable before, Runnable request) {
        ScopedValue.where(BEFORE, before).run(request);
    }

    @Override
    public AuditEntry record(String who, String action, String object, Map<String, String> details) {
        before();
        return log.record(who, action, object, details);
    }

    @Override
    public <T> T record(String who, String action, String object, Map<String, String> details, Supplier<T> effect) {
        before();
        return log.record(who, action, object, details, effect);
    }

    private static void before() {
        if (BEFORE.isBound()) {
            BEFORE.get().run();
        }
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
