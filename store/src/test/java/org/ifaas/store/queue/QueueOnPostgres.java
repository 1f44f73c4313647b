package org.ifaas.store.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildQueue;
import org.ifaas.factory.pipeline.BuildQueueContract;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.pipeline.LeaseLost;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.store.Store;
import org.ifaas.store.StoreConfig;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.Sql;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

public abstract class QueueOnPostgres extends StoreTest implements BuildQueueContract {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private final List<Store> stores = new ArrayList<>();
    private final Semaphore end = new Semaphore(0);

    protected QueueOnPostgres(TestServer server) {
        super(server);
    }

    /** Fast, and measured by the clocks of the tests: a node whose clock stands still sends no heartbeat. */
    @Override
    protected QueuePolicy queuePolicy() {
        return new QueuePolicy(
                Duration.ofMillis(100),
                4,
                Duration.ofMillis(50),
                Duration.ofHours(1),
                Duration.ofMinutes(10),
                Duration.ofMillis(100),
                Duration.ofSeconds(10));
    }

    @Override
    public BuildQueue queue(Consumer<BuildId> handler, int limit) {
        var queue = store.queue(handler::accept, limit);
        queue.start();
        return queue;
    }

    @AfterEach
    void letAllEnd() {
        end.release(1000);
        stores.forEach(Store::close);
    }

    private SchedulerQueue node(String name, InstantSource clock, int limit, Carrier carrier) {
        var opened = open(name, clock);
        stores.add(opened);
        var queue = opened.queue(carrier, limit);
        queue.start();
        return queue;
    }

    private BuildId build() {
        return store.journal()
                .create(BuildId.random(), Parameters.of("debian-12"), "anna", T0)
                .id();
    }

    private long queued() {
        return count("select count(*) from build_queue");
    }

    /** Those that no node carries now. */
    private long waiting() {
        return count("select count(*) from build_queue where not picked");
    }

    private long count(String question) {
        return new Sql(Address.of(database).dataSource())
                .query(handle -> handle.createQuery(question).mapTo(Long.class).one());
    }

    private void until(long rows) throws InterruptedException {
        until(rows, this::queued);
    }

    private static void until(long rows, LongSupplier seen) throws InterruptedException {
        var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (seen.getAsLong() != rows) {
            assertThat(System.nanoTime()).as("30 s have not passed").isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static <T> T next(BlockingQueue<T> events) throws InterruptedException {
        var event = events.poll(30, TimeUnit.SECONDS);
        assertThat(event).as("an event within 30 s").isNotNull();
        return Objects.requireNonNull(event);
    }

    /** Time goes on while one waits: a scheduler whose clock stands still never looks again. */
    private <T> T next(BlockingQueue<T> events, SettableClock clock) throws InterruptedException {
        var until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < until) {
            clock.pass(queuePolicy().polling());
            var event = events.poll(50, TimeUnit.MILLISECONDS);
            if (event != null) {
                return event;
            }
        }
        throw new AssertionError("no event within 60 s");
    }

    @Test
    void a_build_that_was_never_queued_is_found() throws Exception {
        var taken = new LinkedBlockingQueue<BuildId>();
        var queue = node("node-a", () -> Instant.now(), 1, taken::add);
        var never = build();
        queue.sweep();
        assertThat(next(taken)).isEqualTo(never);
    }

    /** Tells which node takes a build, and carries it until the test ends; all builds are of the node's own machine. */
    private static final class OwnMachine implements Carrier {
        private final BlockingQueue<String> taken;
        private final String name;

        OwnMachine(String name, BlockingQueue<String> taken) {
            this.name = name;
            this.taken = taken;
        }

        @Override
        public void carry(BuildId build) throws InterruptedException {
            taken.add(name);
            Thread.sleep(Duration.ofHours(1));
        }

        @Override
        public boolean isOfThisMachine(BuildId build) {
            return true;
        }
    }

    @Test
    void a_build_of_a_nodes_own_machine_waits_for_it_and_is_begun_anew_by_another_when_it_stays_away()
            throws Exception {
        var clock = new SettableClock(T0);
        var taken = new LinkedBlockingQueue<String>();
        var a = node("node-a", clock, 1, new OwnMachine("a", taken));
        a.enqueue(build());
        assertThat(next(taken, clock)).isEqualTo("a");
        var b = node("node-b", clock, 1, new OwnMachine("b", taken));
        a.close();
        for (int round = 0; round < 20; round++) {
            clock.pass(queuePolicy().polling());
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertThat(taken).as("it is left to the node that stopped").isEmpty();
        var again = node("node-a", clock, 1, new OwnMachine("a again", taken));
        assertThat(next(taken, clock)).isEqualTo("a again");
        again.close();
        clock.pass(queuePolicy().node().plusSeconds(1));
        assertThat(next(taken, clock)).isEqualTo("b");
        b.close();
    }

    @Test
    void a_dead_nodes_build_is_handed_on_and_the_revived_node_is_refused() throws Exception {
        var clockA = new SettableClock(T0);
        var clockB = new SettableClock(T0);
        var takenByA = new LinkedBlockingQueue<Lease>();
        var afterA = new LinkedBlockingQueue<Class<?>>();
        var takenByB = new LinkedBlockingQueue<Lease>();
        var a = node("node-a", clockA, 1, id -> {
            takenByA.add(store.journal().take(id, T0));
            end.acquireUninterruptibly();
            try {
                store.journal().check(takenByA.element());
                afterA.add(Void.class);
            } catch (LeaseLost e) {
                afterA.add(LeaseLost.class);
                throw e;
            }
        });
        var id = build();
        a.enqueue(id);
        var lease = next(takenByA);
        takenByA.add(lease);

        var b = node("node-b", clockB, 2, build -> {
            var taken = store.journal().take(build, T0);
            if (build.equals(id)) {
                takenByB.add(taken);
                new CountDownLatch(1).await();
            }
            store.journal().end(taken, BuildState.SUCCEEDED, null, T0);
            takenByB.add(taken);
        });
        var other = build();
        b.enqueue(other);
        assertThat(next(takenByB).build())
                .as("node b works, and leaves the living node its build")
                .isEqualTo(other);
        until(1);
        assertThat(takenByB).isEmpty();

        clockB.pass(queuePolicy().takeover());
        var newer = next(takenByB, clockB);
        assertThat(newer.build()).isEqualTo(id);
        assertThat(newer.epoch()).isGreaterThan(lease.epoch());

        end.release();
        assertThat(next(afterA)).isEqualTo(LeaseLost.class);
        assertThat(b.carried()).contains(id);
        assertThat(store.journal().check(newer).state()).isEqualTo(BuildState.RUNNING);
    }

    @Test
    void the_default_policy_hands_a_dead_nodes_build_on_within_thirty_seconds() {
        assertThat(QueuePolicy.defaults().takeover()).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void a_restarted_node_goes_on_at_once_with_what_it_was_carrying_when_it_was_killed() throws Exception {
        var clock = new SettableClock(T0);
        var began = new LinkedBlockingQueue<String>();
        var killed = node("node-a", clock, 1, id -> {
            began.add("first " + id);
            end.acquireUninterruptibly();
        });
        var id = build();
        killed.enqueue(id);
        assertThat(next(began)).isEqualTo("first " + id);
        clock.pass(Duration.ofSeconds(1));
        var waiting = build();
        killed.enqueue(waiting);
        clock.pass(Duration.ofSeconds(1));
        node("node-a", clock, 1, again -> {
            began.add("second " + again);
            store.journal().end(store.journal().take(again, T0), BuildState.FAILED, null, T0);
        });
        assertThat(List.of(next(began), next(began, clock))).containsExactly("second " + id, "second " + waiting);
    }

    @Test
    void a_build_whose_node_died_before_it_was_queued_is_found() throws Exception {
        var id = build();
        var began = new LinkedBlockingQueue<BuildId>();
        node("node-a", InstantSource.system(), 2, began::add);
        assertThat(next(began)).isEqualTo(id);
    }

    @Test
    void a_stopping_node_interrupts_its_builds_and_another_one_takes_them_at_once() throws Exception {
        var clock = new SettableClock(T0);
        var events = new LinkedBlockingQueue<String>();
        var a = node("node-a", clock, 1, id -> {
            events.add("a");
            new CountDownLatch(1).await();
        });
        a.enqueue(build());
        assertThat(next(events)).isEqualTo("a");
        a.close();
        node("node-b", clock, 1, id -> events.add("b"));
        assertThat(next(events)).isEqualTo("b");
    }

    @Test
    void a_build_is_carried_on_after_the_factory_itself_has_failed() throws Exception {
        var times = new AtomicInteger();
        var carried = new LinkedBlockingQueue<BuildId>();
        var queue = node("node-a", InstantSource.system(), 1, id -> {
            if (times.incrementAndGet() < 3) {
                throw new IllegalStateException("the database was away");
            }
            carried.add(id);
            store.journal().end(store.journal().take(id, T0), BuildState.FAILED, null, T0);
        });
        var id = build();
        queue.enqueue(id);
        assertThat(next(carried)).isEqualTo(id);
        until(0);
    }

    @Test
    void a_retry_asked_for_while_the_last_attempt_ends_is_not_lost() throws Exception {
        var attempts = new LinkedBlockingQueue<Integer>();
        var queues = new LinkedBlockingQueue<SchedulerQueue>();
        var queue = node("node-a", InstantSource.system(), 1, id -> {
            var lease = store.journal().take(id, T0);
            var attempt = store.journal().check(lease).attempt();
            attempts.add(attempt);
            store.journal().end(lease, BuildState.FAILED, null, T0);
            if (attempt == 1) {
                store.journal().reopen(id, Set.of(), T0);
                queues.element().enqueue(id);
            }
        });
        queues.add(queue);
        queue.enqueue(build());
        assertThat(next(attempts)).isEqualTo(1);
        assertThat(next(attempts)).isEqualTo(2);
        until(0);
    }

    @Test
    void a_place_that_becomes_free_is_taken_at_once_and_not_at_the_next_look() throws Exception {
        var hour = Duration.ofHours(1);
        var patient = new QueuePolicy(Duration.ofSeconds(4), 4, hour, hour, hour, hour, Duration.ofSeconds(10));
        var opened =
                Store.open(new StoreConfig(database, "node-a", 6, patient, logPolicy()), FACTS, InstantSource.system());
        stores.add(opened);
        var began = new LinkedBlockingQueue<BuildId>();
        var queue = opened.queue(
                id -> {
                    began.add(id);
                    end.acquire();
                    store.journal().end(store.journal().take(id, T0), BuildState.FAILED, null, T0);
                },
                4);
        queue.start();
        for (int i = 0; i < 6; i++) {
            queue.enqueue(build());
        }
        for (int i = 0; i < 4; i++) {
            next(began);
        }
        end.release();
        next(began);
        end.release();
        next(began);
    }

    @Test
    void a_build_that_waits_for_room_is_looked_at_later_or_when_somebody_cancels_it() throws Exception {
        var clock = new SettableClock(T0);
        var looks = new LinkedBlockingQueue<Integer>();
        var queue = node("node-a", clock, 1, id -> {
            var lease = store.journal().take(id, clock.instant());
            if (store.journal().check(lease).cancelRequested()) {
                store.journal().end(lease, BuildState.CANCELLED, null, T0);
            } else {
                store.journal().queued(lease, "10 of 10 are used");
            }
            looks.add(looks.size());
        });
        var id = build();
        queue.enqueue(id);
        next(looks);
        var other = build();
        queue.enqueue(other);
        next(looks);
        assertThat(store.journal().find(id).orElseThrow().state())
                .as("it holds no place of the one that there is")
                .isEqualTo(BuildState.QUEUED);
        until(2, this::waiting);
        clock.pass(queuePolicy().room().minusSeconds(1));
        assertThat(looks).isEmpty();
        clock.pass(Duration.ofSeconds(1));
        next(looks, clock);
        next(looks, clock);
        until(2);
        store.journal().requestCancel(id);
        queue.enqueue(id);
        next(looks);
        until(1);
        assertThat(store.journal().find(id).orElseThrow().state()).isEqualTo(BuildState.CANCELLED);
        assertThat(store.journal().find(other).orElseThrow().reason()).isEqualTo("10 of 10 are used");
    }

    @Test
    void a_chore_is_done_again_and_again_even_when_it_fails() throws Exception {
        var done = new LinkedBlockingQueue<Integer>();
        var times = new AtomicInteger();
        var chores = store.chores(List.of(new Chore("reaper", Duration.ofMillis(10), () -> {
            done.add(times.incrementAndGet());
            throw new IllegalStateException("a mess");
        })));
        chores.start();
        assertThat(List.of(next(done), next(done), next(done))).containsExactly(1, 2, 3);
    }

    @Test
    void a_chore_of_another_node_alone_is_left_to_it() throws Exception {
        var done = new LinkedBlockingQueue<String>();
        for (var node : List.of("a", "b")) {
            var name = "reaper on " + node + "'s machine";
            store.chores(List.of(new Chore(name, Duration.ofMillis(10), () -> done.add(node))))
                    .start();
        }
        assertThat(List.of(next(done), next(done), next(done), next(done), next(done), next(done)))
                .contains("a", "b");
    }

    @Test
    void too_few_missed_heartbeats_are_refused() {
        assertThatThrownBy(() -> new QueuePolicy(
                        Duration.ofSeconds(1),
                        3,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1)))
                .hasMessageContaining("missed 3");
    }
}
