package org.ifaas.hosts.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ifaas.factory.host.HostSize;

/**
 * Control groups on machines where systemd does not look after them: version 1, 2 and both side by side. They limit where
 * they can; where they can't, a line says so and the host runs without that limit.
 */
final class Cgroups {
    /** Besides those with limits: systemd-nspawn makes groups of its own there, which must be below ours. */
    private static final List<String> WANTED =
            List.of("memory", "pids", "cpu", "devices", "name=systemd", Mounts.VERSION_2);

    private static final List<String> DEVICES = List.of(
            "c 1:3 rwm",
            "c 1:5 rwm",
            "c 1:7 rwm",
            "c 1:8 rwm",
            "c 1:9 rwm",
            "c 5:0 rwm",
            "c 5:1 rwm",
            "c 5:2 rwm",
            "c 136:* rwm",
            "c 10:200 rwm",
            "c 10:237 rwm",
            "b 7:* rwm",
            "b 259:* rwm",
            "c *:* m",
            "b *:* m");

    private final Map<String, Path> parents;

    private Cgroups(Map<String, Path> parents) {
        this.parents = parents;
    }

    /** Those that this process is in and under which groups can be made. */
    static Cgroups ours() {
        var found = new LinkedHashMap<String, Path>();
        try {
            var mounts = Mounts.read(Path.of("/proc/self/mountinfo"), Path.of("/proc/self/cgroup"));
            for (var controller : WANTED) {
                var path = mounts.get(controller);
                if (path != null && Files.isWritable(path)) {
                    found.put(controller, path);
                }
            }
        } catch (IOException e) {
            // None then, and it is said when a host is made.
        }
        return new Cgroups(found);
    }

    static String group(String name) {
        return "host-" + name;
    }

    /** The groups of a host, one a hierarchy; made by {@link #make}. */
    List<Path> of(String name) {
        return parents.values().stream()
                .map(parent -> parent.resolve(group(name)))
                .distinct()
                .toList();
    }

    void make(String name, HostSize size, int processes, Consumer<String> trouble) {
        var limits = new LinkedHashMap<String, Map<String, List<String>>>();
        long bytes = (long) size.memoryMiB() << 20;
        limits.put("memory", Map.of("memory.limit_in_bytes", List.of(Long.toString(bytes))));
        limits.put("pids", Map.of("pids.max", List.of(Integer.toString(processes))));
        limits.put("cpu", Map.of("cpu.cfs_quota_us", List.of(Integer.toString(size.cpus() * 100_000))));
        limits.put(
                Mounts.VERSION_2,
                Map.of(
                        "memory.max", List.of(Long.toString(bytes)),
                        "pids.max", List.of(Integer.toString(processes)),
                        "cpu.max", List.of(size.cpus() * 100_000 + " 100000")));
        boolean anyMemory = false;
        for (var parent : parents.entrySet()) {
            var group = parent.getValue().resolve(group(name));
            try {
                Files.createDirectories(group);
                if (parent.getKey().equals("devices")) {
                    write(group.resolve("devices.deny"), List.of("a"));
                    write(group.resolve("devices.allow"), DEVICES);
                }
                if (parent.getKey().equals(Mounts.VERSION_2)) {
                    enable(parent.getValue());
                }
                anyMemory |= limit(group, limits.getOrDefault(parent.getKey(), Map.of()), trouble);
            } catch (IOException e) {
                trouble.accept("no limits from " + group + ": " + e.getMessage());
            }
        }
        if (!anyMemory) {
            trouble.accept("the host runs without a limit of memory: no control group can be written here");
        }
    }

    static void remove(List<Path> groups) throws IOException, InterruptedException {
        for (var group : groups) {
            if (!Files.isDirectory(group)) {
                continue;
            }
            List<Path> below;
            try (var walk = Files.walk(group)) {
                below = walk.filter(Files::isDirectory)
                        .sorted(Comparator.comparing(Path::getNameCount).reversed())
                        .toList();
            }
            for (var one : below) {
                remove(one);
            }
        }
    }

    /** What was in it has been killed; the kernel takes a moment. */
    private static void remove(Path group) throws IOException, InterruptedException {
        for (int tries = 0; Files.isDirectory(group) && !group.toFile().delete(); tries++) {
            if (tries == 200) {
                throw new IOException("control group " + group + " can't be removed: something still runs in it");
            }
            Thread.sleep(50);
        }
    }

    private static void enable(Path parent) {
        for (var controller : List.of("memory", "pids", "cpu")) {
            try {
                write(parent.resolve("cgroup.subtree_control"), List.of("+" + controller));
            } catch (IOException e) {
                // Not there or not ours to give: then its file is missing below, and that is said.
            }
        }
    }

    private static boolean limit(Path group, Map<String, List<String>> limits, Consumer<String> trouble) {
        boolean memory = false;
        for (var limit : limits.entrySet()) {
            var file = group.resolve(limit.getKey());
            try {
                if (Files.exists(file)) {
                    write(file, limit.getValue());
                    memory |= limit.getKey().startsWith("memory.");
                }
            } catch (IOException e) {
                trouble.accept("no limit by " + file + ": " + e.getMessage());
            }
        }
        return memory;
    }

    /** The kernel takes one value a write. */
    private static void write(Path file, List<String> values) throws IOException {
        for (var value : new ArrayList<>(values)) {
            Files.writeString(file, value);
        }
    }
}
