package org.ifaas.factory.audit;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads an audit log from its beginning and says whether it is whole. */
public final class AuditChain implements Consumer<AuditEntry> {
    private final @Nullable String known;
    private long entries;
    private String head = AuditEntry.START;
    private boolean knownSeen;
    private @Nullable Break broken;

    /**
     * @param broken the first entry that is wrong; null when none is
     * @param entries how many hold, from the beginning on
     * @param head hash of the last that holds: noted elsewhere, it proves later that nothing was cut off
     */
    public record Verdict(
            long entries, String head, @Nullable Break broken) {
        public boolean whole() {
            return broken == null;
        }
    }

    /** @param number of the entry; of the one that should be there, when it is missing */
    public record Break(long number, String why) {}

    /** @param known a hash that was the head once and has to be among the entries; null for none */
    public AuditChain(@Nullable String known) {
        this.known = known;
    }

    /** The next entry, by number. */
    @Override
    public void accept(AuditEntry entry) {
        if (broken != null) {
            return;
        }
        long expected = entries + 1;
        if (entry.number() != expected) {
            broken = new Break(expected, "it is missing: number " + entry.number() + " follows number " + entries);
        } else if (!entry.previous().equals(head)) {
            broken = new Break(expected, "it does not rest on the entry before it");
        } else if (!entry.holds()) {
            broken = new Break(expected, "it was changed: its hash is another");
        } else {
            entries = expected;
            head = entry.hash();
            knownSeen |= head.equals(known);
        }
    }

    public Verdict verdict() {
        if (broken == null && known != null && !knownSeen) {
            return new Verdict(entries, head, new Break(entries + 1, "it is missing: no entry has the hash " + known));
        }
        return new Verdict(entries, head, broken);
    }
}
