package org.ifaas.factory.audit;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The durable audit log: it grows and never changes. */
public interface AuditLog {
    /** Writes down a decision; when it returns, it is written. */
    AuditEntry record(String who, String action, String object, Map<String, String> details);

    default AuditEntry record(String who, AuditAction action, String object, Map<String, String> details) {
        return record(who, action.slug(), object, details);
    }

    /**
     * Writes down a decision in one transaction with what it changes in the database: both are there, or neither.
     *
     * @param effect asks the database and nothing else, and may be run again; what it throws is thrown, and nothing written
     */
    <T> T record(String who, String action, String object, Map<String, String> details, Supplier<T> effect);

    default <T> T record(
            String who, AuditAction action, String object, Map<String, String> details, Supplier<T> effect) {
        return record(who, action.slug(), object, details, effect);
    }

    /**
     * Newest first.
     *
     * @param before only entries with a smaller number; null for all
     */
    List<AuditEntry> list(int most, @Nullable Long before);

    /** Reads all of it. */
    AuditChain.Verdict verify(@Nullable String known);
}
