package org.ifaas.hosts.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.ifaas.hosts.local.Program;

/**
 * Takes one host away, from what its folder says; may be cut off anywhere and done again.
 *
 * @param others the other hosts there are
 */
record Destruction(HostFolder folder, List<HostFolder> others, Duration patience) {

    void run() throws IOException, InterruptedException {
        if (!folder.exists()) {
            return;
        }
        if (folder.sameBoot()) {
            rememberMounts();
            endProcesses();
            LoopDevices.detach(devices());
            Cgroups.remove(folder.cgroups());
        }
        removeFiles();
    }

    /** A loop device may also have its file in something that was mounted inside: only a living host tells of that. */
    private void rememberMounts() throws IOException {
        var ours = mounts(ProcessHandle.current().pid());
        var theirs = new TreeSet<>(folder.mounted());
        processes().forEach(pid -> theirs.addAll(mounts(pid)));
        theirs.removeAll(ours);
        folder.mounted(theirs);
    }

    private Stream<Long> processes() {
        return Stream.of(folder.launcher(), folder.init())
                .flatMap(mark -> mark.filter(ProcessMark::alive).stream())
                .flatMap(mark -> ProcessHandle.of(mark.pid()).stream())
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .map(ProcessHandle::pid)
                .distinct();
    }

    private static Set<String> mounts(long pid) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "mountinfo"))) {
            var devices = new HashSet<String>();
            lines.forEach(line -> devices.add(line.split(" ")[2]));
            return devices;
        } catch (IOException | RuntimeException e) {
            return Set.of();
        }
    }

    /** The kernel ends all of a process namespace with its first process, and lets that go when all the others are gone. */
    private void endProcesses() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (folder.init().filter(ProcessMark::alive).isPresent()
                || folder.launcher().filter(ProcessMark::alive).isPresent()) {
            if (folder.init().filter(ProcessMark::alive).isPresent()) {
                folder.init().ifPresent(ProcessMark::kill);
            } else {
                folder.launcher().ifPresent(ProcessMark::kill);
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "its processes are still there " + patience.toSeconds() + " s after they were killed");
            }
            Thread.sleep(20);
        }
    }

    /** A number that another host has as well has been given out anew since our file system went: then nothing holds it. */
    private Set<String> devices() {
        var devices = new HashSet<>(folder.mounted());
        folder.device().ifPresent(devices::add);
        others.forEach(other -> other.device().ifPresent(devices::remove));
        return devices;
    }

    private void removeFiles() throws IOException, InterruptedException {
        var disk = folder.path().resolve("disk").toString();
        if (!remove(disk).ok()) {
            // Files that were made immutable inside.
            Program.of("chattr", "-R", "-f", "-ia", disk)
                    .limit(Duration.ofMinutes(10))
                    .run();
            remove(disk);
        }
        // What says that there was a host goes last.
        var result = remove(folder.path().toString());
        if (!result.ok()) {
            throw new IOException(result.output().strip());
        }
    }

    private static Program.Result remove(String path) throws IOException, InterruptedException {
        return Program.of("rm", "-rf", "--one-file-system", "--", path)
                .limit(Duration.ofMinutes(30))
                .run();
    }
}
