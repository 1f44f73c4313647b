package org.ifaas.hosts.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.HostProvider;
import org.ifaas.factory.host.HostRequest;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.FullDisk;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.hosts.root.HostRoots;
import org.jspecify.annotations.Nullable;

/**
 * Build hosts as systemd-nspawn containers: up in about a second. An overlay over a prepared root that is never written to;
 * process, mount, network, host name and IPC namespaces of their own; slirp4netns for the way out, a socket on the machine's
 * loopback for the way in; limits by control groups where they can be written.
 *
 * <p>The wall is weak: mounting loop devices takes real {@code CAP_SYS_ADMIN}. For trusted definitions only. Needs root. The
 * disk of a host is not limited below the space of {@code folder}.
 */
public final class ContainerHosts implements HostProvider {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private final Path folder;
    private final HostRoots roots;
    private final ContainerPolicy policy;
    private final InstantSource clock;
    private volatile @Nullable Availability availability;

    /**
     * @param folder where hosts live, one folder each; on a file system that can carry an overlay (ext4, xfs, btrfs), private
     *     to this factory
     */
    public ContainerHosts(Path folder, HostRoots roots, ContainerPolicy policy, InstantSource clock) {
        this.folder = folder.toAbsolutePath();
        this.roots = roots;
        this.policy = policy;
        this.clock = clock;
    }

    @Override
    public HostKind kind() {
        return HostKind.CONTAINER;
    }

    /** They run on the machine's own kernel. */
    @Override
    public String architecture() {
        var machine = System.getProperty("os.arch");
        return machine.equals("aarch64") ? "arm64" : machine;
    }

    @Override
    public Availability availability() {
        var known = availability;
        if (known == null) {
            try {
                known = new Probe(folder).run();
                availability = known;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Availability(false, "interrupted while trying", "Try again.");
            }
        }
        return known;
    }

    @Override
    public BuildHost spawn(HostRequest request, StageLog log) throws StageFailure, InterruptedException {
        var available = availability();
        if (!available.available()) {
            throw new StageFailure(Blame.FACTORY, available.detail(), available.mend());
        }
        var host = host(request.name());
        var there = host.host();
        if (there.isPresent()) {
            return there.get();
        }
        destroy(request.name());
        var root = roots.prepare(request.os(), request.packages(), request.sources(), log);
        try {
            return start(host, request, root, log);
        } catch (IOException e) {
            destroy(request.name());
            throw new StageFailure(
                    FullDisk.isBehind(e) ? Blame.FACTORY : Blame.HOST,
                    "container host " + request.name() + " could not be started: " + e.getMessage(),
                    "Retry; when it happens again, see to space and rights in " + folder + ".",
                    e);
        }
    }

    private BuildHost start(HostFolder host, HostRequest request, Path root, StageLog log)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var cgroups = Cgroups.ours();
        var groups = Launch.systemd() ? List.<Path>of() : cgroups.of(request.name());
        host.intend(groups);
        roots.hold(root, host.path());
        int port = Launch.freePort();
        give(host, request, root, port);
        if (!groups.isEmpty() || !Launch.systemd()) {
            cgroups.make(request.name(), request.size(), policy.processes(), line -> log.line("warning: " + line));
        }
        long free = Files.getFileStore(folder).getUsableSpace() >> 30;
        if (free < request.size().diskGiB()) {
            log.line("warning: only " + free + " GiB are free on the disk, less than the host's "
                    + request.size().diskGiB() + " GiB");
        }
        new Launch(host).start(request.size(), port, groups, policy);
        var spawned = host.describe(port, twoWords(request.hostKey().publicKey()), clock.instant());
        host.whole(spawned);
        log.line("container host " + request.name() + " is up at 127.0.0.1:" + port + " after "
                + (System.nanoTime() - begin) / 1_000_000 + " ms");
        return spawned;
    }

    private void give(HostFolder host, HostRequest request, Path root, int port) throws IOException {
        Files.writeString(host.given("host.sh"), Scripts.HOST);
        Files.writeString(host.given("entry.sh"), Scripts.ENTRY);
        Files.writeString(host.given("name"), request.name());
        Files.writeString(host.given("lower"), root.toString());
        Files.writeString(host.given("port"), Integer.toString(port));
        Files.copy(request.hostKey().privateKey(), host.given("host-key"));
        Files.writeString(host.given("host-key.pub"), request.hostKey().publicKey() + "\n");
        Files.writeString(host.given("authorized-keys"), request.userKey().publicKey() + "\n");
        Files.write(host.given("sources.list"), request.sources());
        if (policy.cache() != null) {
            Files.createDirectories(policy.cache());
            Files.writeString(
                    host.given("cache"), policy.cache().toAbsolutePath().toString());
        }
    }

    @Override
    public Optional<BuildHost> find(String name) {
        return host(name).host();
    }

    @Override
    public void destroy(String name) throws StageFailure, InterruptedException {
        var others = list().stream()
                .filter(other -> !other.equals(name))
                .map(this::host)
                .toList();
        try {
            new Destruction(host(name), others, policy.end()).run();
        } catch (IOException e) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "container host " + name + " could not be removed wholly: " + e.getMessage(),
                    "It is tried again; what is left is in " + host(name).path() + ".",
                    e);
        }
    }

    @Override
    public List<String> list() {
        try (var all = Files.list(folder)) {
            return all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> NAME.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("can't list the hosts in " + folder, e);
        }
    }

    private HostFolder host(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a host: " + name);
        }
        return new HostFolder(folder.resolve(name));
    }

    private static String twoWords(String key) {
        var words = key.split(" ", 3);
        return words[0] + " " + words[1];
    }
}
