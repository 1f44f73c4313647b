package org.ifaas.factory.publish;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registry;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.signing.Measurer;

/**
 * Makes public in one region what was approved: under its {@code _latest} name, while the one before becomes {@code _prev1}
 * and that {@code _prev2}, with ids unchanged, and hidden but for as many as the approval leaves visible. Publishing twice is publishing once. The factory does it for its own
 * regions, and a publisher beside a region for that one.
 */
public final class RegionPublisher {
    private static final List<String> SUFFIXES = List.of("_latest", "_prev1", "_prev2");
    private static final List<String> SYSTEM = List.of("os_purpose", "os_distro", "os_version", "architecture");
    private static final String VERSION = "internal_version";
    private static final String PUBLIC = "public";

    private final Registry registry;
    private final Measurer measurer;

    public RegionPublisher(Registry registry, Measurer measurer) {
        this.registry = registry;
        this.measurer = measurer;
    }

    public String region() {
        return registry.region();
    }

    /**
     * Reads the region's image back, byte for byte.
     *
     * @param files SHA-256 of what the image may be, by disk format
     * @throws NotApproved when it is not the one that was approved, or there is another of the purpose generic
     * @throws StageFailure blaming the CLOUD when the region can't be asked
     */
    public void verify(Approval approval, Map<String, String> files) throws NotApproved, StageFailure {
        var image = active(approval);
        var ref = image.ref();
        checkOnlyGeneric(image, approval.publishAs());
        var expected = files.get(image.diskFormat());
        if (expected == null) {
            throw new NotApproved(
                    "region %s: image %s is in the disk format “%s”, and no signed statement ties such a file to the release"
                            .formatted(ref.region(), ref.id(), image.diskFormat()),
                    "Where the factory has converted it itself, 'ifaas resign RELEASE' signs it; else don't use that image.");
        }
        var measured = measured(ref);
        if (!measured.digests().sha256().equals(expected)) {
            throw new NotApproved(
                    "region %s: image %s has SHA-256 %s, approved is %s"
                            .formatted(
                                    ref.region(), ref.id(), measured.digests().sha256(), expected),
                    "Don't use that image: find out who or what has changed it in the region.");
        }
    }

    private RegionImage active(Approval approval) throws NotApproved, StageFailure {
        var ref = approved(approval);
        var image = registry.find(ref.id())
                .orElseThrow(() -> new NotApproved(
                        "region %s has no image %s".formatted(ref.region(), ref.id()),
                        "Somebody has removed it: 'ifaas retry BUILD' copies it again, and approve that."));
        if (!image.status().equals("active")) {
            throw new NotApproved(
                    "region %s: image %s is %s".formatted(ref.region(), ref.id(), image.status()),
                    "Look at it there: only an active one has an image's bytes.");
        }
        return image;
    }

    private ImageRef approved(Approval approval) throws NotApproved {
        return approval.in(registry.region())
                .orElseThrow(() -> new NotApproved(
                        "the approval names no image in region " + registry.region(),
                        "Compare the names of regions of the factory and of its publisher."));
    }

    private Measured measured(ImageRef ref) throws StageFailure {
        try (var measuring = measurer.into(OutputStream.nullOutputStream())) {
            registry.read(ref.id(), measuring);
            measuring.close();
            return measuring.measured();
        } catch (IOException never) {
            throw new IllegalStateException(never);
        }
    }

    /**
     * Oldest first, so that no two images ever have the same name, and a second run finds what the first one left.
     *
     * @throws NotApproved when the image is not there any more, or there is another of the purpose generic: the one before stays
     *     the latest then
     */
    public void publish(Approval approval) throws NotApproved, StageFailure {
        var approved = active(approval);
        checkOnlyGeneric(approved, approval.publishAs());
        var image = approved.ref();
        var before = before(image, approval.publishAs());
        for (int age = before.size(); age >= 1; age--) {
            var older = before.get(age - 1);
            var suffix = age < SUFFIXES.size()
                    ? SUFFIXES.get(age)
                    : "_" + older.properties().getOrDefault(VERSION, older.ref().id());
            boolean hidden = age > approval.visiblePrevious() || age >= SUFFIXES.size();
            registry.update(older.ref().id(), approval.publishAs() + suffix, older.visibility(), hidden);
        }
        registry.update(image.id(), latest(approval.publishAs()), PUBLIC, false);
    }

    /** The name under which customers find what is published. */
    public static String latest(String publishAs) {
        return publishAs + SUFFIXES.getFirst();
    }

    /** The name of what was the latest before. */
    public static String previous(String publishAs) {
        return publishAs + SUFFIXES.get(1);
    }

    /** In whose place this image comes there: its version, or its id where it says none; empty when it is the first of its name. */
    public static Optional<String> replaced(Registry registry, ImageRef image, String publishAs) throws StageFailure {
        return registry.named(latest(publishAs)).stream()
                .filter(there ->
                        !there.ref().equals(image) && there.visibility().equals(PUBLIC))
                .max(Comparator.comparing(RegionImage::created))
                .map(there ->
                        there.properties().getOrDefault(VERSION, there.ref().id()));
    }

    private void checkOnlyGeneric(RegionImage image, String publishAs) throws NotApproved, StageFailure {
        var other = otherGeneric(registry, image.properties(), publishAs);
        if (other.isPresent()) {
            throw new NotApproved(
                    "region %s: there is a public image of the purpose generic for %s %s on %s already, %s (%s), and SCS-0102 wants one"
                            .formatted(
                                    registry.region(),
                                    image.properties().get("os_distro"),
                                    image.properties().get("os_version"),
                                    image.properties().get("architecture"),
                                    other.get().name(),
                                    other.get().ref().id()),
                    "Hide that one there, or have this one built with another os_purpose under properties in image.yaml.");
        }
    }

    /** An image that customers of the region see, and that is of the purpose generic for the same system, but not of that name. */
    public static Optional<RegionImage> otherGeneric(
            Registry registry, Map<String, String> properties, String publishAs) throws StageFailure {
        if (!"generic".equals(properties.get("os_purpose"))) {
            return Optional.empty();
        }
        return registry.visible().stream()
                .filter(other -> SYSTEM.stream()
                        .allMatch(name -> Objects.equals(other.properties().get(name), properties.get(name))))
                .filter(other ->
                        SUFFIXES.stream().noneMatch(suffix -> other.name().equals(publishAs + suffix)))
                .findFirst();
    }

    /** Whoever may publish sees every tenant's images: one of theirs may have such a name, but can't be public. */
    private List<RegionImage> before(ImageRef image, String publishAs) throws StageFailure {
        var before = new ArrayList<RegionImage>();
        for (var suffix : SUFFIXES) {
            var named = new ArrayList<>(registry.named(publishAs + suffix));
            named.sort(Comparator.comparing(RegionImage::created).reversed());
            before.addAll(named);
        }
        before.removeIf(
                older -> older.ref().equals(image) || !older.visibility().equals(PUBLIC));
        return before;
    }
}
