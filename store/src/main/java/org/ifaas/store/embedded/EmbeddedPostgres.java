package org.ifaas.store.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(20);

    /** The port was taken in between; the processes of a killed server have not all noticed it yet. */
    private static final List<String> PASSING = List.of("could not bind", "pre-existing shared memory block");

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "80"),
            Map.entry("shared_buffers", "32MB"),
            Map.entry("fsync", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("wal_level", "minimal"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("max_wal_size", "256MB"),
            Map.entry("io_method", "sync"),
            Map.entry("jit", "off"),
            Map.entry("huge_pages", "off"),
            Map.entry("max_parallel_workers_per_gather", "0"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_line_prefix", "%m [%p] "));

    private final Lock lock;
    private final ProcessHandle process;
    private final Address address;
    private final boolean adopted;

    private EmbeddedPostgres(Lock lock, ProcessHandle process, Address address, boolean adopted) {
        this.lock = lock;
        this.process = process;
        this.address = address;
        this.adopted = adopted;
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
            var address = address(orphan.get().port(), password);
            if (orphan.get().ready()
                    && orphan.get()
                            .program()
                            .equals(programs.program("postgres").toString())
                    && answers(address)) {
                LOG.info(
                        "adopted the database server {} that an earlier factory left behind",
                        orphan.get().process().pid());
                return new EmbeddedPostgres(lock, orphan.get().process(), address, true);
            }
            LOG.info(
                    "stopping the database server {} that an earlier factory left behind",
                    orphan.get().process().pid());
            Postmaster.stop(orphan.get().process());
        }
        var as = RunAs.choose(data);
        DataFolder.prepare(data, programs, as, password);
        Postmaster.forgetDead(data);
        turnLog(home.resolve("log"));
        var until = System.nanoTime() + TRY_AGAIN.toNanos();
        while (true) {
            var port = freePort();
            var said = Files.exists(home.resolve("log")) ? Files.size(home.resolve("log")) : 0;
            var process = launch(home, data, programs, as, port);
            if (isReady(process, data)) {
                return new EmbeddedPostgres(lock, process.toHandle(), address(port, password), false);
            }
            Postmaster.stop(process.toHandle());
            var why = tail(home, said);
            if (System.nanoTime() > until || PASSING.stream().noneMatch(why::contains)) {
                throw new StoreFailure(
                        "database",
                        data.toString(),
                        "the server does not start: " + why,
                        "Read " + home.resolve("log") + "; a full disk is the usual reason.");
            }
        }
    }

    private static Process launch(Path home, Path data, Programs programs, RunAs as, int port) throws IOException {
        var arguments = new ArrayList<>(List.of("-D", data.toString(), "-p", "" + port));
        SETTINGS.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
        var log = home.resolve("log");
        // A session of its own, or Ctrl-C in the factory's terminal would end the server first.
        var argv = Stream.concat(Stream.of("setsid"), as.argv(programs.program("postgres"), arguments).stream())
                .toList();
        return Command.prepare(argv)
                .directory(home.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static void turnLog(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > 1024 * 1024) {
            Files.move(log, log.resolveSibling("log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.notExists(log)) {
            // It may quote statements, and with them what is in the journal.
            Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    private static boolean isReady(Process process, Path data) throws IOException {
        var until = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < until && process.isAlive()) {
            var found = Postmaster.find(data);
            if (found.isPresent()
                    && found.get().ready()
                    && found.get().process().pid() == process.pid()) {
                return true;
            }
            Wait.forEnd(process.toHandle(), Duration.ofMillis(20));
        }
        return false;
    }

    private static String tail(Path home, long from) throws IOException {
        try (var in = Files.newInputStream(home.resolve("log"))) {
            in.skipNBytes(Math.min(from, Files.size(home.resolve("log"))));
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        }
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

    /** The server's main process. */
    public ProcessHandle process() {
        return process;
    }

    /** Stops the server; what was committed is on disk. */
    @Override
    public void close() {
        Postmaster.stop(process);
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("could not let go of the database's lock: {}", e.getMessage());
        }
    }
}
