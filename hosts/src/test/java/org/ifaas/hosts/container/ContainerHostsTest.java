package org.ifaas.hosts.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.hosts.HostProviderContract;
import org.ifaas.hosts.local.Program;
import org.ifaas.hosts.root.HostRoots;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@Tag("slow")
@EnabledIf("root")
class ContainerHostsTest extends HostProviderContract {
    private static final HostRoots ROOTS = new HostRoots(Path.of("target/roots"));

    static boolean root() {
        return System.getProperty("user.name").equals("root");
    }

    @Override
    protected HostProvider provider(Path folder) {
        return new ContainerHosts(folder, ROOTS, ContainerPolicy.defaults(), InstantSource.system());
    }

    @Override
    protected void leaveHalfMade(HostRequest request) throws Exception {
        hosts.spawn(request, log::add);
        Files.delete(scratch.resolve("hosts").resolve(request.name()).resolve("host"));
    }

    @Override
    protected void assertNothingLeft(String name) throws Exception {
        assertThat(scratch.resolve("hosts").resolve(name)).doesNotExist();
        assertThat(processes(name)).isEmpty();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(name);
        assertThat(cgroups(name)).isEmpty();
    }

    @Test
    void loop_devices_that_a_build_left_attached_are_detached_and_no_others() throws Exception {
        var mine = Files.createFile(scratch.resolve("mine"));
        Program.of("truncate", "-s", "1M", mine.toString()).check();
        var neighbour = Program.of("losetup", "--find", "--show", mine.toString())
                .check()
                .strip();
        try {
            var host = hosts.spawn(request("leaves-loops"), log::add);
            List<LoopDevices.Loop> left;
            try (var connection = connect(host)) {
                // On the disk, in memory, and inside what is on another loop device.
                var script = """
                        set -eu
                        truncate -s 30M /mine /dev/shm/mine
                        losetup --find --show /dev/shm/mine
                        outer=$(losetup --find --show /mine)
                        echo "$outer"
                        mkfs.ext4 -q "$outer"
                        mkdir /inside
                        mount "$outer" /inside
                        truncate -s 1M /inside/image
                        losetup --find --show /inside/image
                        """;
                var names = connection
                        .read(Command.of("sh", "-c", script), LIMIT)
                        .lines()
                        .toList();
                left = LoopDevices.list().stream()
                        .filter(loop -> names.contains(loop.name()))
                        .toList();
            }
            assertThat(left).hasSize(3);
            hosts.destroy("leaves-loops");
            assertThat(LoopDevices.list())
                    .doesNotContainAnyElementsOf(left)
                    .anyMatch(loop -> loop.name().equals(neighbour));
            assertNothingLeft("leaves-loops");
        } finally {
            Program.of("losetup", "--detach", neighbour).check();
        }
    }

    @Test
    void whatever_was_killed_in_the_middle_of_a_spawn_nothing_is_left() throws Exception {
        hosts.spawn(request("warm-up"), log::add);
        hosts.destroy("warm-up");
        for (var moment : List.of("given", "launcher", "init", "device", "network", "host")) {
            var name = "killed-" + moment;
            var folder = scratch.resolve("hosts").resolve(name);
            var spawning = Thread.ofVirtual().start(() -> {
                try {
                    hosts.spawn(request(name), log::add);
                } catch (Exception e) {
                    log.add(e.toString());
                }
            });
            await(() -> Files.exists(folder.resolve(moment)) || !spawning.isAlive());
            // The factory is gone, and so is one of the processes.
            spawning.interrupt();
            spawning.join();
            processes(name).stream().findFirst().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
            provider(scratch.resolve("hosts")).destroy(name);
            assertNothingLeft(name);
        }
    }

    @Test
    void a_host_whose_way_out_or_way_in_dies_ends_as_a_whole() throws Exception {
        for (var part : List.of("slirp4netns", "systemd-socket-")) {
            var host = hosts.spawn(request("loses-a-part"), log::add);
            connect(host).close();
            var init =
                    ProcessMark.read(scratch.resolve("hosts/loses-a-part/init")).orElseThrow();
            var victim = ProcessHandle.of(init.pid())
                    .orElseThrow()
                    .descendants()
                    .filter(process -> name(process).equals(part))
                    .findFirst()
                    .orElseThrow();
            victim.destroyForcibly();
            await(() -> !init.alive());
            assertThat(hosts.find("loses-a-part")).isEmpty();
            hosts.destroy("loses-a-part");
            assertNothingLeft("loses-a-part");
        }
    }

    @Test
    void the_machines_loopback_and_its_kvm_are_out_of_reach_and_the_root_is_never_written() throws Exception {
        var request = request("walled");
        var root = ROOTS.prepare(request.os(), request.packages(), request.sources(), log::add);
        try (var loopback = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var connection = connect(hosts.spawn(request, log::add))) {
            for (var address : List.of("10.0.2.2", "127.0.0.1")) {
                var knock = "exec 3<>/dev/tcp/" + address + "/" + loopback.getLocalPort();
                assertThat(connection.run(Command.of("timeout", "5", "bash", "-c", knock), log::add, LIMIT))
                        .isNotZero();
            }
            assertThat(connection.run(Command.of("test", "-e", "/dev/kvm"), log::add, LIMIT))
                    .isNotZero();
            connection.run(Command.of("touch", "/etc/written"), log::add, LIMIT);
            connection.run(Command.of("chattr", "+i", "/etc/written"), log::add, LIMIT);
            assertThat(root.resolve("etc/written")).doesNotExist();
            var visible = connection.read(Command.of("ls", "/proc"), LIMIT);
            assertThat(visible.lines().filter(line -> line.matches("\\d+")).count())
                    .isLessThan(30);
        }
        hosts.destroy("walled");
        assertNothingLeft("walled");
    }

    @Test
    void a_host_has_no_more_memory_processors_and_processes_than_it_is_to_have() throws Exception {
        hosts.spawn(request("limited"), log::add);
        var init = ProcessMark.read(scratch.resolve("hosts/limited/init")).orElseThrow();
        assumeThat(log).as("control groups can be written here").noneMatch(line -> line.matches("warning: .*limit.*"));
        assertThat(limits("limited", init.pid()))
                .isEqualTo(Map.of(
                        "memory", Long.toString(2L << 30),
                        "processors", "200000",
                        "processes", Integer.toString(ContainerPolicy.defaults().processes())));
        hosts.destroy("limited");
        assertNothingLeft("limited");
    }

    /** What the host's own control groups, among those that the process is in, allow it. */
    private static Map<String, String> limits(String name, long pid) throws IOException {
        var files = Map.of(
                "memory.limit_in_bytes", "memory",
                "memory.max", "memory",
                "cpu.cfs_quota_us", "processors",
                "cpu.max", "processors",
                "pids.max", "processes");
        var limits = new HashMap<String, String>();
        var mounts = Mounts.read(Path.of("/proc/self/mountinfo"), Path.of("/proc", Long.toString(pid), "cgroup"));
        for (var group : mounts.values()) {
            for (var at = group; at.getNameCount() > 0; at = at.getParent()) {
                for (var file : files.entrySet()) {
                    if (at.getFileName().toString().startsWith(Cgroups.group(name))
                            && Files.exists(at.resolve(file.getKey()))) {
                        var first = Files.readString(at.resolve(file.getKey())).split("\\s")[0];
                        limits.put(file.getValue(), first);
                    }
                }
            }
        }
        return limits;
    }

    @Test
    void the_shared_cache_is_kept_between_hosts() throws Exception {
        hosts = new ContainerHosts(
                scratch.resolve("hosts"),
                ROOTS,
                ContainerPolicy.defaults().withCache(scratch.resolve("cache")),
                InstantSource.system());
        try (var connection = connect(hosts.spawn(request("caching"), log::add))) {
            connection.read(Command.of("touch", "/var/cache/ifaas/kept"), LIMIT);
        }
        hosts.destroy("caching");
        assertThat(scratch.resolve("cache/kept")).exists();
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
            Thread.sleep(2);
        }
    }

    /** All processes that have the host's folder in their command line or stand in it. */
    private static List<Long> processes(String name) {
        var found = new ArrayList<Long>();
        ProcessHandle.allProcesses().forEach(process -> {
            var proc = Path.of("/proc", Long.toString(process.pid()));
            try {
                if (process.pid() != ProcessHandle.current().pid()
                        && (Files.readString(proc.resolve("cmdline")).contains("/" + name + "\0")
                                || Files.readSymbolicLink(proc.resolve("cwd")).endsWith(name))) {
                    found.add(process.pid());
                }
            } catch (IOException e) {
                // It has ended.
            }
        });
        return found;
    }

    private static String name(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm"))
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<Path> cgroups(String name) throws IOException {
        try (Stream<Path> all =
                Files.find(Path.of("/sys/fs/cgroup"), 5, (path, _) -> path.endsWith(Cgroups.group(name)))) {
            return all.toList();
        }
    }
}
