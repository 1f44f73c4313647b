package org.ifaas.sources;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.source.AptSource;
import org.ifaas.factory.source.MirrorState;
import org.ifaas.factory.source.Mirrors;
import org.ifaas.factory.source.Offer;
import org.ifaas.sources.AptPolicy.Archive;
import org.ifaas.sources.PackageIndexes.Index;

/** Mirrors of Debian's and Ubuntu's archives. Nothing they say counts unless an archive's key has signed it. */
public final class AptMirrors implements Mirrors {
    /** Suites that are never released, and have no updates beside them. */
    private static final Set<String> ROLLING = Set.of("sid", "unstable", "experimental");

    private final AptPolicy policy;
    private final MachineApt machine;
    private final Download download;
    private final ArchiveSignature signature;
    private final PackageIndexes indexes;
    private final InstantSource clock;

    /** @param folder of the factory's own, for lists of packages; made when it is missing */
    public AptMirrors(AptPolicy policy, Path folder, InstantSource clock) {
        this(policy, folder, clock, new MachineApt(Map.of(), clock));
    }

    AptMirrors(AptPolicy policy, Path folder, InstantSource clock, MachineApt machine) {
        this.policy = policy;
        this.machine = machine;
        this.clock = clock;
        this.download = new Download(policy.limit());
        try {
            var absolute = Files.createDirectories(folder).toAbsolutePath();
            this.signature = new ArchiveSignature(policy.keyrings(), absolute);
            this.indexes = new PackageIndexes(absolute, download, policy.mostIndexBytes(), clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<AptSource> sources(String distro, String codename) throws StageFailure {
        if (codename.isEmpty()) {
            return List.of();
        }
        signature.checkKeyring(distro);
        var archive = archive(distro);
        var sources = new ArrayList<AptSource>();
        sources.add(new AptSource(archive.base(), codename, policy.components()));
        if (!ROLLING.contains(codename)) {
            sources.add(new AptSource(archive.base(), codename + "-updates", policy.components()));
            if (archive.security() != null) {
                sources.add(new AptSource(archive.security(), codename + "-security", policy.components()));
            }
        }
        return List.copyOf(sources);
    }

    private Archive archive(String distro) throws StageFailure {
        var configured = policy.archives().get(distro);
        if (configured != null) {
            return configured;
        }
        try {
            var found = machine.archive(distro);
            if (found.isPresent() && found.get().security() == null) {
                throw unknown("security updates of " + distro, "this machine's apt has no source of them");
            }
            return found.orElseThrow(() -> unknown(distro, "this machine's apt has no source of it"));
        } catch (IOException e) {
            throw unknown(distro, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(distro, "asking apt was interrupted");
        }
    }

    private static StageFailure unknown(String what, String why) {
        return new StageFailure(
                Blame.FACTORY,
                "no mirror is known for " + what + ": " + why,
                "Name its mirrors in the factory's configuration, or add them to this machine's apt and run apt-get update.");
    }

    @Override
    public List<MirrorState> state(List<AptSource> sources) throws StageFailure, InterruptedException {
        return atOnce(sources.stream()
                .<Callable<MirrorState>>map(source -> () -> release(source).state())
                .toList());
    }

    @Override
    public Offer offer(List<AptSource> sources, String architecture, Set<String> packages)
            throws StageFailure, InterruptedException {
        var parts = atOnce(sources.stream()
                .<Callable<Part>>map(source -> () -> part(source, architecture, packages))
                .toList());
        var highest = new TreeMap<String, DebianVersion>();
        for (var part : parts) {
            part.versions()
                    .forEach((name, version) -> highest.merge(name, version, (a, b) -> a.compareTo(b) >= 0 ? a : b));
        }
        var versions = new TreeMap<String, String>();
        highest.forEach((name, version) -> versions.put(name, version.text()));
        return new Offer(parts.stream().map(Part::state).toList(), versions);
    }

    /** What one suite offers. */
    private record Part(MirrorState state, Map<String, DebianVersion> versions) {}

    private Part part(AptSource source, String architecture, Set<String> packages)
            throws StageFailure, InterruptedException {
        var versions = new TreeMap<String, DebianVersion>();
        var release = release(source);
        for (var component : source.components()) {
            var index = index(source, release.content(), component, architecture);
            try {
                indexes.collect(index, packages, versions);
            } catch (IOException e) {
                throw unreachable(index.byPath(), e);
            }
        }
        return new Part(release.state(), versions);
    }

    private static Index index(AptSource source, ReleaseFile release, String component, String architecture)
            throws StageFailure {
        var folder = component + "/binary-" + architecture + "/";
        for (var name : List.of("Packages.xz", "Packages.gz", "Packages")) {
            var entry = release.file(folder + name);
            if (entry.isPresent()) {
                var byHash = folder + "by-hash/SHA256/" + entry.get().sha256();
                return new Index(
                        uri(source, folder + name), release.byHash() ? uri(source, byHash) : null, entry.get());
            }
        }
        throw new StageFailure(
                Blame.CLOUD,
                source.suite() + " at " + source.url() + " has no packages of " + component + " for " + architecture,
                "Use another mirror, or another architecture.");
    }

    private record Release(MirrorState state, ReleaseFile content) {}

    private Release release(AptSource source) throws StageFailure, InterruptedException {
        var uri = uri(source, "InRelease");
        try {
            var bytes = download.bytes(uri, policy.mostReleaseBytes());
            var content = ReleaseFile.parse(signature.verified(bytes, uri.toString()));
            if (!source.suite().equals(content.codename()) && !source.suite().equals(content.suite())) {
                throw refused(uri, "it is that of " + Problem.shown(content.codename()) + ", not of " + source.suite());
            }
            if (content.validUntil() != null && content.validUntil().isBefore(clock.instant())) {
                throw refused(uri, "it was valid until " + content.validUntil());
            }
            return new Release(new MirrorState(source, sha256(bytes), content.date()), content);
        } catch (FileNotFoundException e) {
            throw new StageFailure(
                    Blame.CLOUD,
                    "the mirror " + source.url() + " has no suite " + source.suite(),
                    "Correct os.codename in image.yaml, or use another mirror.",
                    e);
        } catch (IllegalArgumentException e) {
            throw refused(uri, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw unreachable(uri, e);
        }
    }

    private static StageFailure refused(URI uri, String why) {
        return new StageFailure(
                Blame.CLOUD, uri + " can't be used: " + why, "Use another mirror; also check this machine's clock.");
    }

    private static StageFailure unreachable(URI uri, IOException e) {
        return new StageFailure(
                Blame.CLOUD,
                uri + " can't be fetched: " + Problem.shown(String.valueOf(e.getMessage()), 300),
                "Check the network and the mirror, or use another mirror.",
                e);
    }

    private static URI uri(AptSource source, String path) {
        return URI.create(source.url() + "/dists/" + source.suite() + "/" + path);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All at the same time, in the order given; the first failure counts. */
    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws StageFailure, InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var result : threads.invokeAll(tasks)) {
                try {
                    results.add(result.get());
                } catch (ExecutionException e) {
                    switch (Objects.requireNonNull(e.getCause())) {
                        case StageFailure failure -> throw failure;
                        case InterruptedException interrupted -> throw interrupted;
                        case Error error -> throw error;
                        default -> throw new IllegalStateException(e);
                    }
                }
            }
            return List.copyOf(results);
        }
    }
}
