package org.ifaas.store.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditChain;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.Sql;
import org.junit.jupiter.api.Test;

public abstract class AuditOnPostgres extends StoreTest {
    private final Sql sql = new Sql(Address.of(database).dataSource());

    protected AuditOnPostgres(TestServer server) {
        super(server);
    }

    private AuditEntry record(String who) {
        return store.audit().record(who, AuditAction.PUBLICATION_APPROVED, "b9v8qs38", Map.of("image", "debian-12"));
    }

    /** As one does it who owns the database. */
    private void force(String statement) {
        sql.write(handle -> {
            handle.execute("alter table audit disable trigger user");
            handle.execute(statement);
            handle.execute("alter table audit enable trigger user");
        });
    }

    @Test
    void what_is_recorded_reads_as_it_was_written_newest_first() {
        var first = record("anna");
        var second = store.audit().record("bea \u0000 \"ä\" 𝄞", "x", "", Map.of("b", "1\n2", "a", ""));
        assertThat(store.audit().list(10, null)).containsExactly(second, first);
        assertThat(store.audit().list(10, second.number())).containsExactly(first);
        assertThat(store.audit().list(1, null)).containsExactly(second);
        assertThat(first.number()).isEqualTo(1);
        assertThat(first.previous()).isEqualTo(AuditEntry.START);
        assertThat(second.previous()).isEqualTo(first.hash());
        assertThat(store.audit().verify(null)).isEqualTo(new AuditChain.Verdict(2, second.hash(), null));
    }

    @Test
    void a_decision_and_its_effect_are_written_together_or_not_at_all() throws Exception {
        var journal = store.journal();
        var good = BuildId.random();
        var bad = BuildId.random();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            var taken = people.submit(() -> store.audit().record("anna", "x", good.value(), Map.of(), () -> {
                journal.create(good, Parameters.of("tiny"), "anna", Instant.EPOCH);
                return journal.find(good).orElseThrow();
            }));
            var refused = people.submit(() -> store.audit().record("bea", "x", bad.value(), Map.of(), () -> {
                journal.create(bad, Parameters.of("tiny"), "bea", Instant.EPOCH);
                return journal.create(bad, Parameters.of("tiny"), "bea", Instant.EPOCH);
            }));
            assertThat(taken.get().id()).isEqualTo(good);
            assertThatThrownBy(refused::get).hasCauseInstanceOf(IllegalStateException.class);
        }
        assertThat(journal.find(good)).isPresent();
        assertThat(journal.find(bad)).isEmpty();
        assertThat(store.audit().list(10, null)).extracting(AuditEntry::object).containsExactly(good.value());
    }

    @Test
    void an_empty_log_is_whole() {
        assertThat(store.audit().verify(null)).isEqualTo(new AuditChain.Verdict(0, AuditEntry.START, null));
    }

    @Test
    void nothing_in_it_can_be_changed_or_deleted() {
        record("anna");
        for (var statement : List.of("update audit set who = 'eve'", "delete from audit", "truncate audit")) {
            assertThatThrownBy(() -> sql.write(handle -> handle.execute(statement)))
                    .hasMessageContaining("the audit log only grows");
        }
        assertThat(store.audit().verify(null).entries()).isEqualTo(1);
    }

    @Test
    void whoever_forces_a_change_is_found_out_and_the_first_broken_entry_named() {
        IntStream.range(0, 600).forEach(i -> record("anna"));
        force("update audit set who = 'eve' where number = 555");
        assertThat(store.audit().verify(null).broken())
                .isNotNull()
                .extracting(AuditChain.Break::number)
                .isEqualTo(555L);
    }

    @Test
    void an_entry_that_is_taken_out_is_found_out() {
        IntStream.range(0, 5).forEach(i -> record("anna"));
        force("delete from audit where number = 2");
        assertThat(store.audit().verify(null).broken())
                .isNotNull()
                .extracting(AuditChain.Break::number)
                .isEqualTo(2L);
    }

    @Test
    void many_who_record_at_once_on_two_nodes_make_one_chain() throws Exception {
        var other = new PostgresAuditLog(sql, InstantSource.system());
        var recorded = new ArrayList<Future<AuditEntry>>();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 40).forEach(i -> {
                recorded.add(people.submit(() -> record("person " + i)));
                recorded.add(people.submit(() -> other.record("guest " + i, "x", "", Map.of())));
            });
        }
        for (var entry : recorded) {
            var number = entry.get().number();
            assertThat(store.audit().list(1, number + 1)).containsExactly(entry.get());
        }
        assertThat(store.audit().verify(null).entries()).isEqualTo(80);
    }
}
