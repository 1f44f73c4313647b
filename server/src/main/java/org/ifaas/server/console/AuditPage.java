package org.ifaas.server.console;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.audit.AuditLog;
import org.jspecify.annotations.Nullable;

/** Who decided what, and whether the log of it is whole. */
public final class AuditPage {
    private static final int MOST = 100;

    private final AuditLog audit;

    AuditPage(AuditLog audit) {
        this.audit = audit;
    }

    /**
     * @param verdict whether all entries hold; null unless somebody asked
     * @param older number of the last entry here; null when there are no older ones
     */
    public record Page(
            List<Line> entries,
            @Nullable Shown verdict,
            @Nullable Long older) {}

    public record Line(
            long number, Instant at, String who, String action, String object, String details, String hash) {}

    void show(Exchange exchange) {
        var before = exchange.query("before");
        var entries = audit.list(MOST + 1, before.matches("[0-9]{1,15}") ? Long.valueOf(before) : null);
        var shown = entries.subList(0, Math.min(MOST, entries.size()));
        exchange.page(
                "Audit log",
                "/audit",
                "audit",
                new Page(
                        shown.stream().map(AuditPage::line).toList(),
                        exchange.query("verify").isEmpty() ? null : verdict(),
                        entries.size() > MOST ? shown.getLast().number() : null));
    }

    private Shown verdict() {
        var verdict = audit.verify(null);
        var broken = verdict.broken();
        return broken == null
                ? new Shown(
                        "✔",
                        "all " + verdict.entries() + " entries hold; the last has the hash " + verdict.head(),
                        "good")
                : new Shown("✖", "entry " + broken.number() + " does not hold: " + broken.why(), "bad");
    }

    private static Line line(AuditEntry entry) {
        var details = entry.details().entrySet().stream()
                .map(detail -> detail.getKey() + " " + detail.getValue())
                .collect(Collectors.joining(", "));
        return new Line(entry.number(), entry.at(), entry.who(), entry.action(), entry.object(), details, entry.hash());
    }
}
