package org.ifaas.hosts.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.hosts.local.Program;
import org.ifaas.hosts.root.HostRoots;

/**
 * The prepared roots of build hosts, made by mmdebstrap on first use and kept for a while. It takes no root rights: a user
 * makes them in a user namespace with its own subordinate ids. The builder's packages are in them, as installing packages
 * in an emulated machine takes minutes.
 */
public final class BootRoots {
    private static final List<String> SCRIPTS = List.of("boot-root.sh", "boot-root-hook.sh");
    /** What a machine needs over a container. */
    private static final List<String> PACKAGES =
            List.of("cloud-init", "dbus", "initramfs-tools", "linux-image-cloud-amd64", "systemd-sysv", "udev");

    private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9+.-]+");
    private static final Pattern SOURCE = Pattern.compile("deb +(?:\\[[^]]*] +)?\\S+ +(\\S+)(?: .*)?");
    private static final List<String> AS_SUB_USER =
            List.of("unshare", "--map-root-user", "--map-auto", "--setuid", "0", "--setgid", "0", "--");

    private final Path folder;
    private final QemuPolicy policy;
    private final InstantSource clock;
    /** One at a time: two of the same would be made twice, two different ones would fight for the disk. */
    private final ReentrantLock making = new ReentrantLock();

    public BootRoots(Path folder, QemuPolicy policy, InstantSource clock) {
        this.folder = folder.toAbsolutePath().normalize();
        this.policy = policy;
        this.clock = clock;
    }

    /** Where the roots are: each a folder with a {@code kernel}. */
    public Path folder() {
        return folder;
    }

    /** What is missing to make a root; empty when nothing is. */
    Optional<Availability> missing() throws InterruptedException {
        var missing = Tools.absent(Map.of(
                "mmdebstrap", "mmdebstrap",
                "mke2fs", "e2fsprogs",
                "qemu-img", "qemu-utils",
                "newuidmap", "uidmap"));
        if (missing.isPresent() || isRoot()) {
            return missing;
        }
        try {
            var argv = new ArrayList<>(AS_SUB_USER);
            argv.add("true");
            var tried = Program.of(argv).run();
            return tried.ok()
                    ? Optional.empty()
                    : Optional.of(noSubIds(tried.output().strip()));
        } catch (IOException e) {
            return Optional.of(noSubIds(String.valueOf(e.getMessage())));
        }
    }

    private static Availability noSubIds(String why) {
        var user = System.getProperty("user.name");
        return new Availability(
                false,
                "the user " + user + " can't use subordinate ids to make the root of a build host: " + why,
                "Have the administrator run: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 " + user);
    }

    /** The root for a host, made now where it is not there or has become old. */
    BootRoot root(HostRequest request, StageLog log) throws StageFailure, InterruptedException {
        var packages = packages(request);
        var suite = suite(request);
        var home = folder.resolve(key(packages, request.sources()));
        making.lockInterruptibly();
        try {
            if (!fresh(home)) {
                log.line("making the root of a build host, " + request.os() + ": this takes minutes, and is done once");
                make(home, suite, packages, request.sources(), log);
            }
            Files.setLastModifiedTime(home, FileTime.from(clock.instant()));
            removeUnused();
            return BootRoot.in(home);
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "the root of a build host could not be made: " + e.getMessage(),
                    "Look at space and rights in " + folder + " and " + policy.workArea() + ", then retry the build.",
                    e);
        } finally {
            making.unlock();
        }
    }

    private boolean fresh(Path home) throws IOException {
        var disk = BootRoot.in(home).disk();
        return Files.exists(disk)
                && Files.getLastModifiedTime(disk)
                        .toInstant()
                        .plus(policy.rootAge())
                        .isAfter(clock.instant());
    }

    private void make(Path home, String suite, List<String> packages, List<String> sources, StageLog log)
            throws IOException, StageFailure, InterruptedException {
        var key = home.getFileName().toString();
        var part = folder.resolve("." + key);
        // A home folder is closed to other ids, so a user's sub-ids need a place that is not.
        var work = policy.workArea().resolve("ifaas-root-" + System.getProperty("user.name") + "-" + key);
        try {
            Folders.delete(part);
            remove(work);
            Files.createDirectories(part);
            Files.createDirectory(
                    work, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
            for (var script : SCRIPTS) {
                Resources.copy(script, part.resolve(script));
            }
            var argv = new ArrayList<>(List.of("sh", "./boot-root.sh", part.toString(), work.toString(), suite));
            argv.add(String.join(",", packages));
            argv.addAll(sources);
            var result = Program.of(argv).in(part).limit(policy.rootLimit()).run(log::line);
            if (!result.ok()) {
                throw new StageFailure(
                        Blame.CLOUD,
                        "mmdebstrap could not make the root of a build host: " + lastLine(result.output()),
                        "See whether the mirrors can be reached and have the packages " + String.join(", ", packages)
                                + ".");
            }
            for (var script : SCRIPTS) {
                Files.delete(part.resolve(script));
            }
            Folders.delete(home);
            Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(part);
            remove(work);
        }
    }

    /** All but those used last. Machines that run keep the files of a removed one open. */
    private void removeUnused() throws IOException {
        var used = new TreeMap<FileTime, Path>(Comparator.reverseOrder());
        for (var name : Folders.names(folder)) {
            used.put(Files.getLastModifiedTime(folder.resolve(name)), folder.resolve(name));
        }
        for (var root : used.values().stream().skip(policy.rootsKept()).toList()) {
            Folders.delete(root);
        }
    }

    /** With the rights of the sub-ids that own what was unpacked. */
    private static void remove(Path work) throws IOException, InterruptedException {
        if (!Files.exists(work)) {
            return;
        }
        var argv = new ArrayList<String>(isRoot() ? List.of() : AS_SUB_USER);
        argv.addAll(List.of("rm", "-rf", "--one-file-system", "--", work.toString()));
        Program.of(argv).check();
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> packages(HostRequest request) throws StageFailure {
        var packages = new TreeSet<>(HostRoots.BASE);
        packages.addAll(PACKAGES);
        for (var name : request.packages()) {
            if (!PACKAGE.matcher(name).matches()) {
                throw new StageFailure(
                        Blame.IMAGE, "not a name of a package: " + name, "Correct the packages of the builder.");
            }
            packages.add(name);
        }
        return List.copyOf(packages);
    }

    private static String suite(HostRequest request) throws StageFailure {
        for (var source : request.sources()) {
            if (!SOURCE.matcher(source).matches()) {
                throw new StageFailure(
                        Blame.FACTORY, "not a one-line apt source: " + source, "Correct the factory's mirrors.");
            }
        }
        if (request.sources().isEmpty()) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "no mirror is known to make a build host of " + request.os(),
                    "Configure a mirror for it.");
        }
        var first = SOURCE.matcher(request.sources().getFirst());
        return first.matches() ? first.group(1) : "";
    }

    private static String key(List<String> packages, List<String> sources) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((packages + "\n" + sources).getBytes(StandardCharsets.UTF_8));
            SCRIPTS.forEach(script -> digest.update(Resources.bytes(script)));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String lastLine(String output) {
        return output.lines()
                .filter(line -> line.startsWith("E: "))
                .findFirst()
                .orElseGet(() -> output.lines().reduce((_, last) -> last).orElse("it said nothing"));
    }
}
