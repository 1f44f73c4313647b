package org.ifaas.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ifaas.factory.fact.HostConfigured;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.JournalContract;
import org.ifaas.factory.pipeline.LeaseLost;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.StageState;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.Sql;
import org.junit.jupiter.api.Test;

public abstract class JournalOnPostgres extends StoreTest implements JournalContract {
    protected JournalOnPostgres(TestServer server) {
        super(server);
    }

    @Override
    public Journal journal() {
        return store.journal();
    }

    private Sql sql() {
        return new Sql(Address.of(database).dataSource());
    }

    private BuildId build() {
        return journal()
                .create(BuildId.random(), Parameters.of("debian-12"), "anna", T0)
                .id();
    }

    @Test
    void a_fact_of_another_release_is_read_as_far_as_this_one_knows_it() {
        var id = build();
        sql().write(handle -> handle.execute(
                "insert into fact (build, attempt, stage, type, version, body, made) values (?, 1, 'X', ?, 2, ?::jsonb, now()),"
                        + " (?, 1, 'X', 'FactOfTheFuture', 1, '{}', now()), (?, 1, 'X', 'HostConfigured', 1, '{}', now())",
                id.value(),
                "HostSpawned",
                "{\"host\":{\"kind\":\"QEMU\",\"name\":\"n\",\"address\":\"::1\",\"rack\":7},\"newer\":[1,2]}",
                id.value(),
                id.value()));
        var facts = journal().facts(id);
        assertThat(facts.all()).hasSize(2);
        assertThat(facts.get(HostConfigured.class).tools()).isEmpty();
        assertThat(facts.get(HostSpawned.class).host().kind()).isEqualTo(HostKind.QEMU);
        assertThat(facts.get(HostSpawned.class).host().port()).isZero();
    }

    @Test
    void facts_with_paths_times_and_hostile_text_come_back() {
        var lease = journal().take(build(), T1);
        var key = new SshKey(Path.of("/var/lib/a b/ä/key"), "ssh-ed25519 AAAA \\u0000 \" ' ; drop");
        var host = new BuildHost(
                HostKind.CONTAINER,
                "n",
                "127.0.0.1",
                22,
                "root",
                null,
                "d",
                Instant.parse("2026-01-01T00:00:00.123456789Z"));
        journal().done(lease, StageName.SPAWN_BUILD_HOST, new HostSpawned(host, key), null, T1);
        assertThat(journal().facts(lease.build()).get(HostSpawned.class)).isEqualTo(new HostSpawned(host, key));
        journal()
                .done(
                        lease,
                        StageName.CONFIGURE_BUILD_HOST,
                        new HostConfigured(Map.of("a", "x\0y\\\0\ud800z")),
                        "\0",
                        T1);
        assertThat(journal()
                        .facts(lease.build())
                        .get(HostConfigured.class)
                        .tools()
                        .get("a"))
                .startsWith("x\ufffdy\\\ufffd")
                .endsWith("z");
        journal()
                .ended(
                        lease,
                        StageName.BUILD_IMAGE,
                        StageState.FAILED,
                        Blame.IMAGE,
                        "x".repeat(1_000_000) + '\0',
                        "\ud800",
                        T1);
        assertThat(journal().stageRuns(lease.build(), 1).getLast().message()).hasSizeLessThan(20_000);
    }

    @Test
    void two_nodes_that_take_a_build_at_once_get_different_epochs_and_one_is_refused() throws Exception {
        var id = build();
        try (var other = open("node-2", InstantSource.system())) {
            var one = CompletableFuture.supplyAsync(() -> journal().take(id, T1));
            var two = CompletableFuture.supplyAsync(() -> other.journal().take(id, T1));
            var leases = List.of(one.get(30, TimeUnit.SECONDS), two.get(30, TimeUnit.SECONDS));
            assertThat(leases.get(0).epoch()).isNotEqualTo(leases.get(1).epoch());
            var refused = leases.stream().filter(lease -> {
                try {
                    journal().start(lease, StageName.INITIALIZE, T2);
                    return false;
                } catch (LeaseLost e) {
                    return true;
                }
            });
            assertThat(refused).hasSize(1);
        }
    }

    @Test
    void a_look_at_the_lease_waits_for_nobody() throws Exception {
        var lease = journal().take(build(), T1);
        sql().write(handle -> {
            handle.createQuery("select id from build where id = ? for update")
                    .bind(0, lease.build().value())
                    .mapTo(String.class)
                    .one();
            var look = CompletableFuture.supplyAsync(() -> journal().check(lease));
            assertThat(look.orTimeout(30, TimeUnit.SECONDS).join().id()).isEqualTo(lease.build());
        });
    }

    @Test
    void a_write_by_an_interrupted_stage_is_written_and_leaves_the_interrupt() throws Exception {
        var lease = journal().take(build(), T1);
        var interrupted = new CompletableFuture<Boolean>();
        Thread.startVirtualThread(() -> {
            try {
                Thread.currentThread().interrupt();
                journal().ended(lease, StageName.TEST_IMAGE, StageState.CANCELLED, null, null, null, T2);
                interrupted.complete(Thread.interrupted());
            } catch (RuntimeException e) {
                interrupted.completeExceptionally(e);
            }
        });
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(journal().stageRuns(lease.build(), 1).getFirst().state()).isEqualTo(StageState.CANCELLED);
    }

    @Test
    void whoever_follows_a_build_is_woken_by_what_another_node_writes() throws Exception {
        var id = build();
        var lease = journal().take(id, T1);
        try (var other = open("node-2", InstantSource.system())) {
            var seen = other.changes().seen();
            journal().start(lease, StageName.INITIALIZE, T2);
            var next = other.changes().await(id, seen, Duration.ofSeconds(30));
            assertThat(next).isGreaterThan(seen);
            assertThat(other.changes().await(seen, Duration.ofSeconds(30))).isGreaterThan(seen);
            var quiet = other.changes().seen();
            assertThat(other.changes().await(BuildId.random(), quiet, Duration.ZERO))
                    .isEqualTo(quiet);
        }
    }

    @Test
    void followers_hear_of_changes_after_their_connection_was_cut() throws Exception {
        var id = build();
        var lease = journal().take(id, T1);
        var seen = store.changes().seen();
        sql().query(handle -> handle.createQuery(
                        "select count(pg_terminate_backend(pid)) from pg_stat_activity where query like 'listen%' and pid <> pg_backend_pid()")
                .mapTo(Integer.class)
                .one());
        var at = seen;
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        // The first news may be of the new connection itself; what is written after it must be news again.
        at = store.changes().await(id, at, Duration.ofSeconds(30));
        assertThat(at).isGreaterThan(seen);
        var again = at;
        while (again == at && System.nanoTime() < until) {
            journal().start(lease, StageName.INITIALIZE, T2);
            again = store.changes().await(id, at, Duration.ofSeconds(1));
        }
        assertThat(again).isGreaterThan(at);
    }
}
