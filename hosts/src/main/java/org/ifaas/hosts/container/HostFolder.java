package org.ifaas.hosts.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;

/** All that is known of one host; written before what it tells of is done. */
record HostFolder(Path path) {
    private static final String DETAIL = "systemd-nspawn";

    String name() {
        return path.getFileName().toString();
    }

    boolean exists() {
        return Files.isDirectory(path);
    }

    Path given(String name) {
        return path.resolve("given").resolve(name);
    }

    Path log() {
        return path.resolve("log");
    }

    Optional<ProcessMark> launcher() {
        return ProcessMark.read(path.resolve("launcher"));
    }

    Optional<ProcessMark> init() {
        return ProcessMark.read(path.resolve("init"));
    }

    /** The device number of the host's files, once they are mounted: {@code major:minor}. */
    Optional<String> device() {
        return lines("device").stream().findFirst();
    }

    /** The device numbers of everything that was mounted in the host when it was about to be destroyed. */
    List<String> mounted() {
        return lines("mounted");
    }

    void mounted(Collection<String> devices) throws IOException {
        Files.write(path.resolve("mounted"), devices);
    }

    /** The intent: everything that destruction needs. */
    void intend(List<Path> cgroups) throws IOException {
        Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(path.resolve("boot"), boot());
        Files.write(
                path.resolve("cgroups"), cgroups.stream().map(Path::toString).toList());
        for (var folder : List.of("given", "disk", "disk/upper", "disk/work", "root")) {
            Files.createDirectories(path.resolve(folder));
        }
    }

    List<Path> cgroups() {
        return lines("cgroups").stream().map(Path::of).toList();
    }

    /** Whether the machine has not been restarted since. */
    boolean sameBoot() {
        try {
            return Files.readString(path.resolve("boot")).equals(boot());
        } catch (IOException e) {
            return false;
        }
    }

    /** From now on the host is whole. */
    void whole(BuildHost host) throws IOException {
        var properties = new Properties();
        properties.setProperty("port", Integer.toString(host.port()));
        properties.setProperty("hostKey", String.valueOf(host.hostKey()));
        properties.setProperty("spawned", host.spawned().toString());
        var temporary = path.resolve("host.new");
        try (var out = Files.newOutputStream(temporary)) {
            properties.store(out, null);
        }
        Files.move(temporary, path.resolve("host"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The host, if it is whole and runs. */
    Optional<BuildHost> host() {
        var properties = new Properties();
        try (var in = Files.newInputStream(path.resolve("host"))) {
            properties.load(in);
        } catch (IOException e) {
            return Optional.empty();
        }
        boolean runs = sameBoot() && init().filter(ProcessMark::alive).isPresent();
        return runs
                ? Optional.of(describe(
                        Integer.parseInt(properties.getProperty("port")),
                        properties.getProperty("hostKey"),
                        Instant.parse(properties.getProperty("spawned"))))
                : Optional.empty();
    }

    BuildHost describe(int port, String hostKey, Instant spawned) {
        return new BuildHost(HostKind.CONTAINER, name(), "127.0.0.1", port, "root", hostKey, DETAIL, spawned);
    }

    private List<String> lines(String name) {
        try {
            return Files.readAllLines(path.resolve(name));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String boot() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
    }
}
