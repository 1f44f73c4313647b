package org.ifaas.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.publish.PublicationRequestsContract;
import org.ifaas.store.StoreTest;
import org.ifaas.store.TestServer;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.Sql;
import org.junit.jupiter.api.Test;

public abstract class RequestsOnPostgres extends StoreTest implements PublicationRequestsContract {
    protected RequestsOnPostgres(TestServer server) {
        super(server);
    }

    @Override
    public Journal journal() {
        return store.journal();
    }

    @Override
    public PublicationRequests requests() {
        return store.requests();
    }

    /** Those who wait for a lock that has a name. */
    private long waiting() {
        return new Sql(Address.of(database).dataSource())
                .query(handle -> handle.createQuery(
                                "select count(*) from pg_locks where locktype = 'advisory' and not granted")
                        .mapTo(Long.class)
                        .one());
    }

    @Test
    void of_two_nodes_one_publishes_a_request_at_a_time() throws Exception {
        var id = BuildId.random();
        var done = new ArrayList<String>();
        try (var other = open("node-2", InstantSource.system());
                var people = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> second;
            try (var _ = requests().hold(id)) {
                second = people.submit(() -> {
                    try (var _ = other.requests().hold(id)) {
                        done.add("second");
                    }
                });
                for (long end = System.nanoTime() + 60_000_000_000L; waiting() == 0 && System.nanoTime() < end; ) {
                    Thread.onSpinWait();
                }
                done.add("first");
                other.requests().hold(BuildId.random()).close();
            }
            second.get();
        }
        assertThat(done).containsExactly("first", "second");
    }
}
