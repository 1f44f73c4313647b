package org.ifaas.store;

import org.ifaas.store.log.LogPolicy;
import org.ifaas.store.queue.QueuePolicy;
import org.ifaas.store.sql.Database;
import org.ifaas.store.sql.StoreFailure;

/**
 * @param node name of this factory node, the same after a restart and no other node's: what a dead process of this name
 *     was carrying is released when the next one starts
 * @param connections the most connections of the pool; one more listens for changes, and up to four keep the leases
 */
public record StoreConfig(Database database, String node, int connections, QueuePolicy queue, LogPolicy logs) {
    public StoreConfig {
        if (node.isBlank()) {
            throw new StoreFailure("node", "''", "is empty", "Give every factory node a name of its own.");
        }
        if (connections < 3) {
            throw new StoreFailure(
                    "connections", "" + connections, "are too few", "Allow 3 connections or more; 8 is the default.");
        }
    }

    public static StoreConfig of(Database database, String node) {
        return of(database, node, QueuePolicy.defaults(), LogPolicy.defaults());
    }

    public static StoreConfig of(Database database, String node, QueuePolicy queue, LogPolicy logs) {
        return new StoreConfig(database, node, 8, queue, logs);
    }
}
