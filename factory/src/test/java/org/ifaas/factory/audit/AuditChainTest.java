package org.ifaas.factory.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuditChainTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00.123456789Z");

    private static List<AuditEntry> log(int entries) {
        var log = new ArrayList<AuditEntry>();
        var head = AuditEntry.START;
        for (int i = 0; i < entries; i++) {
            var entry = AuditEntry.following(
                    i, head, T0.plusSeconds(i), "anna", "build-asked", "b" + i, Map.of("image", "debian-12"));
            head = entry.hash();
            log.add(entry);
        }
        return log;
    }

    private static AuditChain.Verdict verdict(List<AuditEntry> log, @Nullable String known) {
        var chain = new AuditChain(known);
        log.forEach(chain);
        return chain.verdict();
    }

    private static long firstBroken(List<AuditEntry> log) {
        var broken = verdict(log, null).broken();
        return broken == null ? 0 : broken.number();
    }

    private static AuditEntry by(AuditEntry entry, String who) {
        return new AuditEntry(
                entry.number(),
                entry.at(),
                who,
                entry.action(),
                entry.object(),
                entry.details(),
                entry.previous(),
                entry.hash());
    }

    @Test
    void aWholeLogHoldsAndNamesItsHead() {
        var log = log(5);
        assertThat(verdict(log, null))
                .isEqualTo(new AuditChain.Verdict(5, log.getLast().hash(), null));
        assertThat(verdict(List.of(), null).whole()).isTrue();
    }

    @Test
    void aChangedEntryIsNamed() {
        var log = log(5);
        log.set(2, by(log.get(2), "eve"));
        assertThat(firstBroken(log)).isEqualTo(3);
    }

    @Test
    void anEntryThatWasChangedWithItsHashBreaksTheOneAfterIt() {
        var log = log(5);
        var third = log.get(2);
        log.set(
                2,
                AuditEntry.following(
                        2, third.previous(), third.at(), "eve", third.action(), third.object(), third.details()));
        assertThat(firstBroken(log)).isEqualTo(4);
    }

    @Test
    void aMissingEntryIsNamed() {
        var log = log(5);
        log.remove(2);
        assertThat(firstBroken(log)).isEqualTo(3);
    }

    @Test
    void aLogThatWasCutOffIsFoundByTheHeadThatWasNoted() {
        var log = log(5);
        var noted = log.getLast().hash();
        assertThat(verdict(log, noted).whole()).isTrue();
        log.removeLast();
        assertThat(verdict(log, null).whole()).isTrue();
        assertThat(verdict(log, noted).broken())
                .isNotNull()
                .extracting(AuditChain.Break::number)
                .isEqualTo(5L);
    }

    @Test
    void noTwoEntriesReadTheSame() {
        var one = AuditEntry.following(0, AuditEntry.START, T0, "a", "b", "c", Map.of("d", "e\n1:f"));
        var other = AuditEntry.following(0, AuditEntry.START, T0, "a", "b", "c", Map.of("d", "e", "1:f", ""));
        assertThat(one.hash()).isNotEqualTo(other.hash());
        assertThat(AuditEntry.following(0, AuditEntry.START, T0, "ab", "", "c", Map.of())
                        .hash())
                .isNotEqualTo(AuditEntry.following(0, AuditEntry.START, T0, "a", "b", "c", Map.of())
                        .hash());
    }
}
