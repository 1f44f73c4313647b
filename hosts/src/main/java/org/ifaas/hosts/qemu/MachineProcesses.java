package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes of a machine, found by a mark in the environment that all of them were started with: no pid file that could
 * be stale or missing after a crash, and no other process is ever taken for one of them.
 */
final class MachineProcesses {
    static final String MARK = "IFAAS_MACHINE";

    private static final Path PROC = Path.of("/proc");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private MachineProcesses() {}

    static List<ProcessHandle> of(Path folder) {
        var mark = ("\0" + MARK + "=" + folder + "\0").getBytes(StandardCharsets.UTF_8);
        var found = new ArrayList<ProcessHandle>();
        try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var entry : entries) {
                if (marked(entry, mark)) {
                    ProcessHandle.of(Long.parseLong(entry.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    /** Whether all parts are alive that a machine needs: QEMU and its way out. */
    static boolean whole(Path folder, String qemu) {
        var program = Path.of(qemu).getFileName().toString();
        var names = of(folder).stream().map(MachineProcesses::name).toList();
        return names.contains("slirp4netns") && names.contains(program.substring(0, Math.min(15, program.length())));
    }

    /** The kernel's name of a process: the first 15 characters of its program's. */
    private static String name(ProcessHandle process) {
        try {
            return Files.readString(PROC.resolve(process.pid() + "/comm")).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    /** Ends all of them at once. A machine has nothing worth an orderly shutdown. */
    static void end(Path folder) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (var left = of(folder); !left.isEmpty(); left = of(folder)) {
            if (System.nanoTime() > deadline) {
                throw new IOException("process " + left.getFirst().pid() + " does not end");
            }
            left.forEach(ProcessHandle::destroyForcibly);
            Thread.sleep(10);
        }
    }

    private static boolean marked(Path process, byte[] mark) {
        try {
            var environment = Files.readAllBytes(process.resolve("environ"));
            var text = "\0" + new String(environment, StandardCharsets.ISO_8859_1);
            return text.contains(new String(mark, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return false; // gone meanwhile, or another user's
        }
    }
}
