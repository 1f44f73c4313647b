package org.ifaas.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.ifaas.factory.file.FileLock;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.GlanceFields;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.FullDisk;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.text.Visible;

/**
 * A region that is a folder: {@code images/UUID/image.qcow2} or {@code image.raw}, and beside it {@code image.json} with what
 * Glance's API would say of it. Several processes may use it at once.
 */
public final class DirectoryRegion implements Registry {
    private static final int LOCKS = 32;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern IMAGE_NAME = Pattern.compile("\\P{Cntrl}{1,255}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Set<String> VISIBILITIES = Set.of("private", "public", "community", "shared");
    private static final String RECORD = "image.json";

    private final String region;
    private final DiskFormat diskFormat;
    private final Path root;
    private final Path images;
    private final Path unfinished;
    private final Path locks;
    private final StorePolicy policy;
    private final InstantSource clock;
    private final StoredBytes.Copying copying;

    /**
     * Makes the folder when it is missing, and removes what a crash has left unfinished there.
     *
     * @throws UncheckedIOException when it can't be made
     */
    public DirectoryRegion(String region, DiskFormat diskFormat, Path root, StorePolicy policy, InstantSource clock) {
        this(region, diskFormat, root, policy, clock, StoredBytes::copy);
    }

    DirectoryRegion(
            String region,
            DiskFormat diskFormat,
            Path root,
            StorePolicy policy,
            InstantSource clock,
            StoredBytes.Copying copying) {
        if (!NAME.matcher(region).matches()) {
            throw new IllegalArgumentException("not a name of a region: " + region);
        }
        this.region = region;
        this.diskFormat = diskFormat;
        this.root = root.toAbsolutePath().normalize();
        this.images = this.root.resolve("images");
        this.unfinished = this.root.resolve(".unfinished");
        this.locks = this.root.resolve(".locks");
        this.policy = policy;
        this.clock = clock;
        this.copying = copying;
        try {
            Durable.folder(images);
            Durable.folder(unfinished);
            Durable.deleteLeftovers(unfinished, clock.instant().minus(policy.leftover()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String region() {
        return region;
    }

    @Override
    public DiskFormat diskFormat() {
        return diskFormat;
    }

    @Override
    public Availability availability() {
        return Probe.of(root, unfinished, this::free);
    }

    /**
     * Things share a fixed number of lock files, so that none is ever left over.
     *
     * @param kind of thing: whoever holds a lock of one kind may only ask for one of another
     */
    private FileLock lock(String kind, String thing) throws IOException, InterruptedException {
        Durable.folder(locks);
        return FileLock.on(locks.resolve(kind + "-" + Math.floorMod(thing.hashCode(), LOCKS)));
    }

    private long free() throws IOException {
        return Files.getFileStore(root).getUsableSpace() - policy.reserve();
    }

    @Override
    public RegionImage register(NewImage image, StageLog log) throws StageFailure, InterruptedException {
        check(image);
        try (var lock = lock("name", image.name())) {
            for (var known : named(image.name())) {
                if (!known.status().equals("active")) {
                    log.line(
                            "%s: removing %s, which was half made",
                            region, known.ref().id());
                    delete(known.ref().id());
                } else if (known.hashValue().equals(image.measured().digests().sha512())) {
                    log.line(
                            "%s: %s is registered already as %s",
                            region, image.name(), known.ref().id());
                    return known;
                }
            }
            return store(image, log);
        } catch (IOException e) {
            throw trouble("register " + image.name(), e);
        }
    }

    private RegionImage store(NewImage image, StageLog log) throws StageFailure, IOException, InterruptedException {
        long size = image.measured().size();
        if (size > free()) {
            throw full(image.name());
        }
        var queued = made(image);
        boolean whole = false;
        try {
            write(queued.withStatus("saving", now()));
            var bytes = images.resolve(queued.id()).resolve(bytes(diskFormat));
            copying.copy(image.file(), bytes);
            Durable.sync(Durable.parent(bytes));
            var stored = StoredBytes.sha512(bytes);
            if (!stored.equals(image.measured().digests().sha512())) {
                throw new StageFailure(
                        Blame.CLOUD,
                        "region " + region + " has stored other bytes than those of " + image.name() + ": sha512 "
                                + stored + " instead of "
                                + image.measured().digests().sha512(),
                        "Check the disk below " + root + "; the copy was removed, a retry makes a new one.");
            }
            var active = queued.active(size, image.measured().digests().md5(), stored, now());
            write(active);
            whole = true;
            log.line("%s: %s is %s, %d bytes read back, sha512 %s", region, image.name(), active.id(), size, stored);
            return active.in(region);
        } catch (IOException e) {
            throw FullDisk.isBehind(e) ? full(image.name()) : trouble("store " + image.name(), e);
        } finally {
            if (!whole) {
                remove(queued.id());
            }
        }
    }

    /** The folder appears with its record in it, so that whatever is half made can be found by its name. */
    private GlanceImage made(NewImage image) throws IOException {
        var queued = new GlanceImage(
                UUID.randomUUID().toString(),
                image.name(),
                "queued",
                "private",
                false,
                diskFormat.word(),
                0,
                "",
                "",
                now(),
                now(),
                image.properties());
        var folder = Files.createDirectory(unfinished.resolve(queued.id()));
        Durable.write(folder.resolve(RECORD), queued.json(), unfinished.resolve(queued.id() + ".json"));
        Durable.move(folder, images.resolve(queued.id()));
        return queued;
    }

    private static void check(NewImage image) throws StageFailure {
        if (!IMAGE_NAME.matcher(image.name()).matches()) {
            throw new StageFailure(
                    Blame.IMAGE, "an image can't have that name", "Use one line of at most 255 characters.");
        }
        for (var property : image.properties().entrySet()) {
            if (GlanceFields.FIELDS.contains(property.getKey())) {
                throw new StageFailure(
                        Blame.IMAGE,
                        "the property " + property.getKey() + " belongs to the region",
                        "Remove it from the properties in image.yaml.");
            }
            if ((property.getKey().equals("min_disk") || property.getKey().equals("min_ram"))
                    && !property.getValue().matches("[0-9]{1,9}")) {
                throw new StageFailure(
                        Blame.IMAGE,
                        "the property " + property.getKey() + " is “" + property.getValue() + "”, which is no number",
                        "Correct the sizes in image.yaml.");
            }
        }
    }

    @Override
    public Optional<RegionImage> find(String id) throws StageFailure {
        return read(id).map(image -> image.in(region));
    }

    private Optional<GlanceImage> read(String id) throws StageFailure {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        var record = images.resolve(id).resolve(RECORD);
        try {
            return Optional.of(GlanceImage.read(Files.readAllBytes(record), id));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw trouble("read " + record, e);
        } catch (IllegalArgumentException e) {
            throw new StageFailure(
                    Blame.CLOUD,
                    "region " + region + ": " + record + " is damaged: " + e.getMessage(),
                    "Restore that file, or remove its folder when no release names it.",
                    e);
        }
    }

    @Override
    public List<RegionImage> named(String name) throws StageFailure {
        return list().stream().filter(image -> image.name().equals(name)).toList();
    }

    @Override
    public List<RegionImage> list() throws StageFailure {
        var all = new ArrayList<RegionImage>();
        try (var folders = Files.newDirectoryStream(images)) {
            for (var folder : folders) {
                find(folder.getFileName().toString()).ifPresent(all::add);
            }
        } catch (IOException e) {
            throw trouble("list its images", e);
        }
        all.sort(Comparator.comparing(RegionImage::created)
                .reversed()
                .thenComparing(image -> image.ref().id()));
        return List.copyOf(all);
    }

    @Override
    public Optional<Path> file(String id) {
        return Optional.of(id)
                .filter(ID.asMatchPredicate())
                .flatMap(known -> Arrays.stream(DiskFormat.values())
                        .map(format -> images.resolve(known).resolve(bytes(format)))
                        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                        .findFirst());
    }

    private static String bytes(DiskFormat format) {
        return "image." + format.word();
    }

    @Override
    public void read(String id, OutputStream to) throws StageFailure {
        var file = file(id).orElseThrow(() -> new StageFailure(
                Blame.CLOUD,
                "region " + region + " has no bytes of image " + Visible.line(id, 80),
                "Somebody has removed it: build again."));
        try {
            Files.copy(file, to);
        } catch (IOException e) {
            throw trouble("read " + file, e);
        }
    }

    @Override
    public void update(String id, String name, String visibility, boolean hidden) throws StageFailure {
        if (!IMAGE_NAME.matcher(name).matches() || !VISIBILITIES.contains(visibility)) {
            throw new StageFailure(
                    Blame.FACTORY,
                    "an image can't be named “" + Visible.line(name, 80) + "” or be " + Visible.line(visibility, 20),
                    "Use one line of text, and private or public.");
        }
        try (var lock = lock("id", id)) {
            var image = read(id).filter(found -> found.status().equals("active"));
            if (image.isEmpty()) {
                throw new StageFailure(
                        Blame.CLOUD,
                        "region " + region + " has no active image " + id,
                        "Somebody has removed it: build again.");
            }
            write(image.get().as(name, visibility, hidden, now()));
        } catch (IOException e) {
            throw trouble("update " + id, e);
        } catch (InterruptedException e) {
            throw interrupted("update " + id, e);
        }
    }

    @Override
    public void delete(String id) throws StageFailure {
        if (!ID.matcher(id).matches()) {
            return;
        }
        try (var lock = lock("id", id)) {
            remove(id);
        } catch (IOException e) {
            throw trouble("delete " + id, e);
        } catch (InterruptedException e) {
            throw interrupted("delete " + id, e);
        }
    }

    /** It is gone at once for everybody, and then removed. */
    private void remove(String id) throws IOException {
        var gone = unfinished.resolve(UUID.randomUUID().toString());
        try {
            Durable.move(images.resolve(id), gone);
        } catch (NoSuchFileException e) {
            return;
        }
        Durable.sync(images);
        Durable.delete(gone);
    }

    private void write(GlanceImage image) throws IOException {
        var temporary = unfinished.resolve(UUID.randomUUID() + ".json");
        var record = images.resolve(image.id()).resolve(RECORD);
        Durable.write(record, image.json(), temporary);
        Files.setPosixFilePermissions(record, PosixFilePermissions.fromString("r--r--r--"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private StageFailure full(String name) {
        return new StageFailure(
                Blame.CLOUD,
                "region " + region + " is full: " + name + " does not fit into " + root,
                "Make space there.");
    }

    private StageFailure trouble(String what, IOException e) {
        return new StageFailure(
                Blame.CLOUD,
                "region " + region + " can't " + what + ": " + e.getMessage(),
                "Check the disk, the mount and the permissions of " + root + ".",
                e);
    }

    private StageFailure interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StageFailure(
                Blame.CLOUD, "region " + region + " could not " + what + ": it was interrupted", "Retry.", e);
    }
}
