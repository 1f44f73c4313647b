package org.ifaas.hosts.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.HostSize;
import org.ifaas.hosts.local.Program;

/** Whether container hosts can be made here, found out by making all of one but its system. */
record Probe(Path folder) {
    private static final List<String> TOOLS = List.of(
            "/usr/bin/systemd-nspawn",
            "/usr/bin/systemd-socket-activate",
            "/lib/systemd/systemd-socket-proxyd",
            "/usr/bin/slirp4netns",
            "/usr/bin/mmdebstrap");

    Availability run() throws InterruptedException {
        if (!System.getProperty("user.name").equals("root")) {
            return new Availability(
                    false,
                    "container hosts need root, and the factory runs as " + System.getProperty("user.name"),
                    "Run the factory as root, or use QEMU hosts.");
        }
        var missing = TOOLS.stream()
                .filter(tool -> !Files.isExecutable(Path.of(tool)))
                .toList();
        if (!missing.isEmpty()) {
            return new Availability(
                    false,
                    "not installed: " + String.join(", ", missing),
                    "apt-get install systemd-container slirp4netns mmdebstrap");
        }
        try {
            return tryIt();
        } catch (IOException e) {
            return no(String.valueOf(e.getMessage()));
        }
    }

    private Availability tryIt() throws IOException, InterruptedException {
        var place = Files.createTempDirectory(Files.createDirectories(folder), ".probe-");
        var cgroups = Cgroups.ours();
        var name = place.getFileName().toString();
        var groups = Launch.systemd() ? List.<Path>of() : cgroups.of(name);
        try {
            if (!groups.isEmpty()) {
                cgroups.make(name, new HostSize(1, 512, 1), 1000, _ -> {});
            }
            Files.writeString(place.resolve("probe.sh"), Scripts.PROBE);
            // The same way as a host: the launcher ends with the script that it is given.
            var argv = new ArrayList<>(List.of("sh", "-c", Scripts.LAUNCH, "ifaas-launch", place.toString()));
            argv.add("probe.sh");
            groups.forEach(group -> argv.add(group.toString()));
            var result = Program.of(argv).limit(Duration.ofSeconds(60)).run();
            return result.ok() && result.output().contains("the probe works")
                    ? new Availability(true, "systemd-nspawn, user-mode network", "")
                    : no(result.output().strip());
        } finally {
            Program.of("rm", "-rf", "--one-file-system", "--", place.toString()).run();
            Cgroups.remove(groups);
        }
    }

    private static Availability no(String why) {
        return new Availability(
                false,
                "a container could not be started: " + why,
                "Use QEMU hosts here; or allow namespaces, overlay mounts and loop devices to the factory.");
    }
}
