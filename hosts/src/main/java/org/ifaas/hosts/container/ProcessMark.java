package org.ifaas.hosts.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process, told from a later one with the same number by when it started.
 *
 * @param started in clock ticks since the machine's start
 */
record ProcessMark(long pid, long started) {
    /** As a script of ours has written it. */
    static Optional<ProcessMark> read(Path file) {
        try {
            var words = Files.readString(file).strip().split(" ");
            return Optional.of(new ProcessMark(Long.parseLong(words[0]), Long.parseLong(words[1])));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    boolean alive() {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // After the name, which may hold anything: state is field 3, the start field 22.
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[19]) == started && !fields[0].equals("Z");
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    void kill() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
