package org.ifaas.server.login;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.ifaas.factory.audit.AuditChain;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.audit.AuditLog;
import org.jspecify.annotations.Nullable;

/** Writes down beside what a program decides with which token, so that it can be told from its owner. */
public final class AuditByToken implements AuditLog {
    private static final ScopedValue<String> TOKEN = ScopedValue.newInstance();

    private final AuditLog log;

    public AuditByToken(AuditLog log) {
        this.log = log;
    }

    /** What is decided meanwhile is decided with the account's token, if it has one. */
    public static void during(Account account, Runnable request) {
        var token = account.token();
        if (token == null) {
            request.run();
        } else {
            ScopedValue.where(TOKEN, token).run(request);
        }
    }

    @Override
    public AuditEntry record(String who, String action, String object, Map<String, String> details) {
        return log.record(who, action, object, withToken(details));
    }

    @Override
    public <T> T record(String who, String action, String object, Map<String, String> details, Supplier<T> effect) {
        return log.record(who, action, object, withToken(details), effect);
    }

    private static Map<String, String> withToken(Map<String, String> details) {
        if (!TOKEN.isBound()) {
            return details;
        }
        var all = new TreeMap<>(details);
        all.put("by token", TOKEN.get());
        return all;
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
