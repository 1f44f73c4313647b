package org.ifaas.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's main process, as the {@code postmaster.pid} of its data folder tells.
 *
 * @param status such as {@code ready} or {@code starting}
 * @param program what it was started from
 */
record Postmaster(ProcessHandle process, int port, String status, String program) {
    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final Duration STOP = Duration.ofSeconds(30);

    /** The living server of this data folder; empty when there is none, or the process of that number is another's. */
    static Optional<Postmaster> find(Path data) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(data.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (lines.size() < 4
                || !lines.getFirst().strip().matches("-?\\d{1,9}")
                || !lines.get(3).strip().matches("\\d{1,5}")) {
            return Optional.empty();
        }
        var process = ProcessHandle.of(Math.abs(Long.parseLong(lines.getFirst().strip())));
        if (process.isEmpty() || !process.get().isAlive()) {
            return Optional.empty();
        }
        var argv = argv(process.get().pid());
        var folder = argv.indexOf("-D");
        if (folder < 0 || folder + 1 >= argv.size() || !argv.get(folder + 1).equals(data.toString())) {
            return Optional.empty();
        }
        var status = lines.size() < 8 ? "starting" : lines.get(7).strip();
        return Optional.of(
                new Postmaster(process.get(), Integer.parseInt(lines.get(3).strip()), status, argv.getFirst()));
    }

    /**
     * Removes a {@code postmaster.pid} whose process is not the server's any more: its number belongs to another process by
     * now (after a reboot, say), and the server would refuse to start. Left alone while any process works in the folder.
     */
    static void forgetDead(Path data) throws IOException {
        var file = data.resolve("postmaster.pid");
        if (Files.exists(file)
                && find(data).isEmpty()
                && ProcessHandle.allProcesses().noneMatch(p -> worksIn(p, data))) {
            LOG.info("the database server of {} had not ended cleanly; it recovers now", data);
            Files.deleteIfExists(file);
        }
    }

    private static boolean worksIn(ProcessHandle process, Path folder) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", "" + process.pid(), "cwd"))
                    .equals(folder);
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return false;
        }
    }

    private static List<String> argv(long pid) {
        try {
            return List.of(
                    Files.readString(Path.of("/proc", "" + pid, "cmdline")).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    boolean ready() {
        return status.startsWith("ready");
    }

    /** Lets transactions in progress fail and writes all to disk; when that takes too long, leaves it to recovery. */
    static void stop(ProcessHandle process) {
        for (var signal : List.of("INT", "QUIT")) {
            if (!process.isAlive()) {
                return;
            }
            try {
                Command.run(List.of("sh", "-c", "kill -" + signal + " \"$1\"", "sh", "" + process.pid()));
            } catch (IOException e) {
                LOG.warn("could not signal the database server {}: {}", process.pid(), e.getMessage());
            }
            if (Wait.forEnd(process, STOP)) {
                return;
            }
            LOG.warn("the database server {} has not ended {} s after SIG{}", process.pid(), STOP.toSeconds(), signal);
        }
    }
}
