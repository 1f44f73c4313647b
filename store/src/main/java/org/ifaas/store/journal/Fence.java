package org.ifaas.store.journal;

import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Lease;
import org.ifaas.factory.pipeline.LeaseLost;
import org.ifaas.store.sql.Changes;
import org.ifaas.store.sql.Sql;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a write pass when its lease is the newest, in the write's own transaction. */
final class Fence {
    private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

    private Fence() {}

    interface Write<T> {
        T in(Handle transaction);
    }

    /** @throws LeaseLost when another node has taken the build over; nothing is written then */
    static <T> T pass(Sql sql, Lease lease, Write<T> write) {
        return sql.transaction(handle -> {
            var epoch = handle.createQuery("select epoch from build where id = ? for update")
                    .bind(0, lease.build().value())
                    .mapTo(Long.class)
                    .findOne();
            if (epoch.isEmpty() || epoch.get() != lease.epoch()) {
                throw new LeaseLost(lease);
            }
            return write.in(handle);
        });
    }

    /**
     * Tells every node, when the transaction has been committed, that something about the build has changed. Within it would be
     * dear: of the transactions that tell something PostgreSQL commits one after the other, each with its wait for the disk.
     */
    static void announce(Handle transaction, BuildId build) {
        transaction.afterCommit(() -> tell(transaction, build));
    }

    private static void tell(Handle handle, BuildId build) {
        try {
            handle.createQuery("select set_config('synchronous_commit', 'off', true), pg_notify(?, ?)::text")
                    .bind(0, Changes.BUILDS)
                    .bind(1, build.value())
                    .map((row, context) -> true)
                    .one();
        } catch (RuntimeException e) {
            LOG.warn("build {}: what has changed is written, and nobody was told: {}", build, e.getMessage());
        }
    }
}
