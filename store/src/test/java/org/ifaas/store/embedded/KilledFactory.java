package org.ifaas.store.embedded;

import java.nio.file.Path;

/** A factory in a process of its own, for tests that kill it. */
final class KilledFactory {
    private KilledFactory() {}

    /** Starts the server, writes a row, says so, and waits to be killed. */
    public static void main(String[] args) throws Exception {
        var server = EmbeddedPostgres.start(Path.of(args[0]), Path.of(args[1]));
        try (var connection = server.address().dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists written (by text)");
            statement.execute("insert into written values ('" + System.getProperty("user.name") + "')");
        }
        System.out.println("written, server " + server.process().pid());
        System.in.read();
        server.close();
        System.out.println("stopped");
    }
}
