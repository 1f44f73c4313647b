package org.ifaas.factory.image;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** A region for tests: it remembers what it was told, and where the file lies that it was given. */
public final class InMemoryRegistry implements Registry {
    private static final Set<String> FIELDS =
            Set.of("id", "name", "status", "visibility", "size", "checksum", "os_hash_value");

    private final String region;
    private final DiskFormat diskFormat;
    private final InstantSource clock;
    private final Map<String, RegionImage> images = new LinkedHashMap<>();
    private final Map<String, Path> files = new LinkedHashMap<>();
    private volatile boolean down;

    public InMemoryRegistry(String region, InstantSource clock) {
        this(region, DiskFormat.QCOW2, clock);
    }

    public InMemoryRegistry(String region, DiskFormat diskFormat, InstantSource clock) {
        this.region = region;
        this.diskFormat = diskFormat;
        this.clock = clock;
    }

    @Override
    public String region() {
        return region;
    }

    @Override
    public DiskFormat diskFormat() {
        return diskFormat;
    }

    /** Whether it neither answers nor takes images. */
    public void isDown(boolean now) {
        down = now;
    }

    @Override
    public Availability availability() {
        return down
                ? new Availability(false, "does not answer", "Look at it.")
                : new Availability(true, "in memory", "");
    }

    @Override
    public synchronized RegionImage register(NewImage image, StageLog log) throws StageFailure {
        if (down) {
            throw new StageFailure(Blame.CLOUD, "region " + region + " does not answer", "Look at it.");
        }
        for (var property : image.properties().keySet()) {
            if (FIELDS.contains(property)) {
                throw new StageFailure(
                        Blame.IMAGE, "the property " + property + " belongs to the region", "Remove it.");
            }
        }
        var sha512 = sha512(image.file());
        if (!sha512.equals(image.measured().digests().sha512())) {
            throw new StageFailure(Blame.CLOUD, "region " + region + " has another sha512: " + sha512, "Retry.");
        }
        for (var known : named(image.name())) {
            if (known.hashValue().equals(sha512)) {
                return known;
            }
        }
        var registered = new RegionImage(
                new ImageRef(region, UUID.randomUUID().toString()),
                image.name(),
                "private",
                false,
                diskFormat.word(),
                "active",
                image.measured().size(),
                "sha512",
                sha512,
                Map.copyOf(image.properties()),
                clock.instant());
        images.put(registered.ref().id(), registered);
        files.put(registered.ref().id(), image.file());
        return registered;
    }

    private static String sha512(Path file) {
        try {
            return RegistryContract.hex("SHA-512", Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized Optional<RegionImage> find(String id) {
        return Optional.ofNullable(images.get(id));
    }

    @Override
    public synchronized List<RegionImage> named(String name) {
        return list().stream().filter(image -> image.name().equals(name)).toList();
    }

    @Override
    public synchronized List<RegionImage> list() {
        return images.values().stream()
                .sorted(Comparator.comparing(RegionImage::created).reversed())
                .toList();
    }

    @Override
    public synchronized Optional<Path> file(String id) {
        return Optional.ofNullable(files.get(id));
    }

    /** What the image's bytes have become. */
    public synchronized void store(String id, Path file) {
        files.put(id, file);
    }

    @Override
    public void read(String id, OutputStream to) throws StageFailure {
        var file = file(id).orElseThrow(() ->
                new StageFailure(Blame.CLOUD, "region " + region + " has no image " + id, "Build again."));
        try {
            Files.copy(file, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void update(String id, String name, String visibility, boolean hidden) throws StageFailure {
        var old = images.get(id);
        if (old == null) {
            throw new StageFailure(Blame.CLOUD, "region " + region + " has no image " + id, "Build again.");
        }
        images.put(
                id,
                new RegionImage(
                        old.ref(),
                        name,
                        visibility,
                        hidden,
                        old.diskFormat(),
                        old.status(),
                        old.size(),
                        old.hashAlgorithm(),
                        old.hashValue(),
                        old.properties(),
                        old.created()));
    }

    @Override
    public synchronized void delete(String id) {
        images.remove(id);
        files.remove(id);
    }
}
