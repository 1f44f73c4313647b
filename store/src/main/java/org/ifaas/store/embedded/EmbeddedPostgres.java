package org.ifaas.store.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.ifaas.store.sql.Address;
import org.ifaas.store.sql.StoreFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL 18 of the factory's own, on the loopback interface, behind a generated password, with fsync on. It is a process of
 * its own: when the factory is killed it goes on, and the next factory of the same home adopts it.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Lock lock;
    private final Server server;
    private final Address address;
    private final boolean adopted;
    private final int port;
    private volatile ProcessHandle process;
    private volatile boolean closed;

    private EmbeddedPostgres(Lock lock, Server server, Server.Running running, String password, boolean adopted) {
        this.lock = lock;
        this.server = server;
        this.port = running.port();
        this.process = running.process();
        this.address = address(port, password);
        this.adopted = adopted;
        startAgainWhenGone();
    }

    /** It may have been killed, for want of memory say: what was committed is on disk, and whoever waits for it goes on. */
    private void startAgainWhenGone() {
        process.onExit()
                .thenRun(() -> Thread.ofVirtual().name("database-server").start(this::startAgain));
    }

    private void startAgain() {
        while (!closed) {
            LOG.warn("the database server {} has ended; it is started again", process.pid());
            synchronized (this) {
                if (closed) {
                    return;
                }
                try {
                    process = server.start(this::samePort).process();
                    startAgainWhenGone();
                    return;
                } catch (IOException | StoreFailure e) {
                    LOG.error("the database server can't be started again now: {}", e.getMessage());
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Whoever closes waits for no further try. */
    private int samePort() throws IOException {
        if (closed) {
            throw new IOException("the factory ends");
        }
        return port;
    }

    /**
     * Starts the server of that home, or adopts the one that a killed factory left behind.
     *
     * @param home its data, lock, log and password; made when it is not there
     * @param programs where the server's programs are unpacked
     * @throws StoreFailure when it can't be started, says why and what to do
     */
    public static EmbeddedPostgres start(Path home, Path programs) {
        try {
            Files.createDirectories(home);
            var folder = home.toRealPath();
            var lock = Lock.take(folder.resolve("lock"));
            try {
                return start(lock, folder, Programs.unpack(programs));
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreFailure(
                    "database", home.toString(), "can't be used: " + e, "Make the folder writable for the factory.", e);
        }
    }

    /**
     * Looks at the files of a home whose server runs.
     *
     * @return what was found, for people
     * @throws StoreFailure when the server could not be started from them again
     */
    public static String look(Path home, Path programs) {
        var data = home.resolve("data");
        try {
            var as = RunAs.choose(data);
            var there = Programs.there(programs);
            DataFolder.check(data, there, as);
            return data + ", " + there.answer(as);
        } catch (IOException e) {
            throw new StoreFailure(
                    "database", data.toString(), "can't be looked at: " + e, "Give it back to the factory's user.", e);
        }
    }

    private static EmbeddedPostgres start(Lock lock, Path home, Programs programs) throws IOException {
        var data = home.resolve("data");
        var password = DataFolder.password(home.resolve("password"));
        var orphan = Postmaster.find(data);
        if (orphan.isPresent()) {
            var there = orphan.get();
            if (there.ready()
                    && there.program().equals(programs.program("postgres").toString())
                    && answers(address(there.port(), password))) {
                LOG.info(
                        "adopted the database server {} that an earlier factory left behind",
                        there.process().pid());
                var running = new Server.Running(there.process(), there.port());
                var server = new Server(home, programs, RunAs.choose(data));
                return new EmbeddedPostgres(lock, server, running, password, true);
            }
            LOG.info(
                    "stopping the database server {} that an earlier factory left behind",
                    there.process().pid());
            Postmaster.stop(there.process());
        }
        var as = RunAs.choose(data);
        DataFolder.prepare(data, programs, as, password);
        var server = new Server(home, programs, as);
        var running = server.start(EmbeddedPostgres::freePort);
        return new EmbeddedPostgres(lock, server, running, password, false);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Address address(int port, String password) {
        return new Address("jdbc:postgresql://127.0.0.1:" + port + "/" + DataFolder.NAME, DataFolder.NAME, password);
    }

    private static boolean answers(Address address) {
        try (var connection = address.dataSource().getConnection()) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    public Address address() {
        return address;
    }

    /** Whether it was running already. */
    public boolean adopted() {
        return adopted;
    }

    /** The server's main process; another one after it was started again. */
    public ProcessHandle process() {
        return process;
    }

    /** Stops the server; what was committed is on disk. */
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            Postmaster.stop(process);
        }
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("could not let go of the database's lock: {}", e.getMessage());
        }
    }
}
