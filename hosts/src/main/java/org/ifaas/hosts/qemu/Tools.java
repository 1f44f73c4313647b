package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ifaas.factory.host.Availability;
import org.ifaas.hosts.local.Program;

/** What virtual machines need of this machine. */
final class Tools {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/local/sbin"),
            Path.of("/usr/local/bin"),
            Path.of("/usr/sbin"),
            Path.of("/usr/bin"),
            Path.of("/sbin"),
            Path.of("/bin"));
    private static final Path TUN = Path.of("/dev/net/tun");

    private Tools() {}

    /** What is missing to run machines; empty when nothing is. */
    static Optional<Availability> missing(QemuPolicy policy) throws InterruptedException {
        var missing = absent(Map.of(
                policy.qemu(),
                "qemu-system-x86",
                "qemu-img",
                "qemu-utils",
                "slirp4netns",
                "slirp4netns",
                "ip",
                "iproute2",
                "unshare",
                "util-linux",
                "setpriv",
                "util-linux"));
        if (missing.isPresent()) {
            return missing;
        }
        if (!Files.isReadable(TUN) || !Files.isWritable(TUN)) {
            return Optional.of(new Availability(
                    false,
                    "this user may not open " + TUN + ", which a machine's network needs",
                    "Have the administrator run: chmod 666 " + TUN + " (as udev does by itself)."));
        }
        try {
            var tried = Program.of("unshare", "--user", "--map-root-user", "--net", "--mount", "true")
                    .run();
            if (!tried.ok()) {
                return Optional.of(new Availability(
                        false,
                        "user namespaces are not to be had here: "
                                + tried.output().strip(),
                        "Allow them: sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone or"
                                + " kernel.apparmor_restrict_unprivileged_userns, as the distribution has it."));
            }
        } catch (IOException e) {
            return Optional.of(new Availability(false, String.valueOf(e.getMessage()), "Install util-linux."));
        }
        return Optional.empty();
    }

    /** @param packages Debian packages by the program they bring */
    static Optional<Availability> absent(Map<String, String> packages) {
        var programs = new ArrayList<String>();
        packages.keySet().stream().sorted().filter(program -> !present(program)).forEach(programs::add);
        if (programs.isEmpty()) {
            return Optional.empty();
        }
        var install = programs.stream().map(packages::get).distinct().toList();
        return Optional.of(new Availability(
                false,
                String.join(", ", programs) + " missing",
                "Install with: apt-get install " + String.join(" ", install)));
    }

    private static boolean present(String program) {
        return program.startsWith("/")
                ? Files.isExecutable(Path.of(program))
                : PLACES.stream().anyMatch(place -> Files.isExecutable(place.resolve(program)));
    }
}
