package org.ifaas.store.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.ifaas.store.sql.StoreFailure;

/** The server's process: how it is started from the files of a home. */
record Server(Path home, Programs programs, RunAs as) {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(250);

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

    interface Ports {
        int next() throws IOException;
    }

    record Running(ProcessHandle process, int port) {}

    Path data() {
        return home.resolve("data");
    }

    private Path log() {
        return home.resolve("log");
    }

    /**
     * Starts it, and waits until it is ready.
     *
     * @param ports where it may listen, one for each try; what it throws ends them
     * @throws StoreFailure when it does not start, says why and what to do
     */
    Running start(Ports ports) throws IOException {
        Postmaster.forgetDead(data());
        turnLog();
        var until = System.nanoTime() + TRY_AGAIN.toNanos();
        while (true) {
            var port = ports.next();
            var said = Files.size(log());
            var process = launch(port);
            if (isReady(process)) {
                return new Running(process.toHandle(), port);
            }
            Postmaster.stop(process.toHandle());
            var why = tail(said);
            if (System.nanoTime() > until || PASSING.stream().noneMatch(why::contains)) {
                throw new StoreFailure(
                        "database",
                        data().toString(),
                        "the server does not start: " + why,
                        "Read " + log() + "; a full disk is the usual reason.");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private Process launch(int port) throws IOException {
        var arguments = new ArrayList<>(List.of("-D", data().toString(), "-p", "" + port));
        SETTINGS.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
        // A session of its own, or Ctrl-C in the factory's terminal would end the server first.
        var argv = Stream.concat(Stream.of("setsid"), as.argv(programs.program("postgres"), arguments).stream())
                .toList();
        return Command.prepare(argv)
                .directory(home.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private void turnLog() throws IOException {
        var log = log();
        if (Files.exists(log) && Files.size(log) > 1024 * 1024) {
            Files.move(log, log.resolveSibling("log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (Files.notExists(log)) {
            // It may quote statements, and with them what is in the journal.
            Files.createFile(log, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    private boolean isReady(Process process) throws IOException {
        var until = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < until && process.isAlive()) {
            var found = Postmaster.find(data());
            if (found.isPresent()
                    && found.get().ready()
                    && found.get().process().pid() == process.pid()) {
                return true;
            }
            Wait.forEnd(process.toHandle(), Duration.ofMillis(20));
        }
        return false;
    }

    private String tail(long from) throws IOException {
        try (var in = Files.newInputStream(log())) {
            in.skipNBytes(Math.min(from, Files.size(log())));
            var lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        }
    }
}
