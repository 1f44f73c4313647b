package org.ifaas.hosts.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where this process' control groups are mounted. */
final class Mounts {
    static final String VERSION_2 = "";

    private Mounts() {}

    /** Controller, or {@link #VERSION_2}, to this process' group in the file system. */
    static Map<String, Path> read(Path mountinfo, Path cgroup) throws IOException {
        var own = new HashMap<String, String>();
        for (var line : Files.readAllLines(cgroup)) {
            var parts = line.split(":", 3);
            for (var controller : parts[1].split(",")) {
                own.put(controller, parts[2]);
            }
        }
        var found = new HashMap<String, Path>();
        for (var line : Files.readAllLines(mountinfo)) {
            // id parent major:minor root point options optional... - type source super-options
            int dash = line.indexOf(" - ");
            var before = line.substring(0, dash).split(" ");
            var after = line.substring(dash + 3).split(" ");
            if (after[0].equals("cgroup2")) {
                put(found, VERSION_2, own, before);
            } else if (after[0].equals("cgroup")) {
                for (var controller : List.of(after[2].split(","))) {
                    put(found, controller, own, before);
                }
            }
        }
        return found;
    }

    private static void put(Map<String, Path> found, String controller, Map<String, String> own, String[] mount) {
        var path = own.get(controller);
        if (path != null) {
            var root = mount[3];
            var below = path.equals(root) || !path.startsWith(root) || path.startsWith("/..")
                    ? ""
                    : path.substring(root.equals("/") ? 1 : root.length() + 1);
            found.putIfAbsent(controller, Path.of(mount[4]).resolve(below));
        }
    }
}
