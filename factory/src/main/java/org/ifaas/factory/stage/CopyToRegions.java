package org.ifaas.factory.stage;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.Converter;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Meanwhile;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.signing.Measurer;

/** Stage 12: copies the image to the other regions, privately, and compares the digest of every copy. */
public final class CopyToRegions implements Stage<ImageCopied> {
    private final Registries registries;
    private final RegionFile files;
    private final InRegion inRegion;

    public CopyToRegions(
            Registries registries,
            ArtifactStore store,
            Converter converter,
            Measurer measurer,
            PublicationRequests requests) {
        this.registries = registries;
        this.inRegion = new InRegion(requests);
        this.files = new RegionFile(store, converter, measurer);
    }

    @Override
    public StageName name() {
        return StageName.COPY_TO_REGIONS;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(ImageTested.class);
    }

    /** A definition may have its image copied before the tests have passed. */
    @Override
    public Set<Class<? extends Fact>> needs(Facts facts) {
        boolean early = facts.find(Inputs.class)
                .map(inputs -> inputs.definition().copyBeforeTest())
                .orElse(false);
        return early ? Set.of(ImageRegistered.class) : needs();
    }

    @Override
    public Set<Class<? extends Fact>> restsOn() {
        return Set.of(ImageBuilt.class);
    }

    @Override
    public Class<ImageCopied> makes() {
        return ImageCopied.class;
    }

    @Override
    public ImageCopied run(StageContext build) throws StageFailure, InterruptedException {
        var regions = build.fact(Inputs.class).regions();
        var images = new EnumMap<DiskFormat, Meanwhile<NewImage>>(DiskFormat.class);
        try {
            for (var region : regions.subList(1, regions.size())) {
                var format = registries.of(region).diskFormat();
                images.computeIfAbsent(format, _ -> new Meanwhile<>(() -> files.of(format, build)));
            }
            var copies = copies(images, regions.subList(1, regions.size()), build);
            var converted = new ArrayList<Converted>();
            for (var image : images.entrySet()) {
                var one = RegionFile.converted(image.getKey(), image.getValue().result());
                if (one != null) {
                    converted.add(one);
                }
            }
            return new ImageCopied(copies, converted);
        } finally {
            images.values().forEach(Meanwhile::close);
        }
    }

    /** All at once: the slowest decides, and one that is down keeps none of the others from its copy. */
    private List<ImageRef> copies(Map<DiskFormat, Meanwhile<NewImage>> images, List<String> regions, StageContext build)
            throws StageFailure, InterruptedException {
        var copying = new ArrayList<Meanwhile<ImageRef>>();
        try {
            for (var region : regions) {
                copying.add(new Meanwhile<>(() -> copy(images, region, build)));
            }
            var copies = new ArrayList<ImageRef>();
            var failures = new ArrayList<StageFailure>();
            for (var one : copying) {
                try {
                    copies.add(one.result());
                } catch (StageFailure e) {
                    build.log().line("%s", e.getMessage());
                    failures.add(e);
                }
            }
            if (failures.size() > 1) {
                throw new StageFailure(
                        blame(failures),
                        "%d of %d regions have no copy: %s"
                                .formatted(
                                        failures.size(),
                                        regions.size(),
                                        failures.stream()
                                                .map(StageFailure::getMessage)
                                                .distinct()
                                                .collect(Collectors.joining("; "))),
                        failures.getFirst().mend(),
                        failures.getFirst());
            }
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
            return copies;
        } finally {
            copying.forEach(Meanwhile::close);
        }
    }

    /** What nobody at the cloud can mend comes first. */
    private static Blame blame(List<StageFailure> failures) {
        return failures.stream()
                .map(StageFailure::blame)
                .filter(blame -> blame != Blame.CLOUD)
                .findFirst()
                .orElse(Blame.CLOUD);
    }

    private ImageRef copy(Map<DiskFormat, Meanwhile<NewImage>> images, String region, StageContext build)
            throws StageFailure, InterruptedException {
        var registry = registries.of(region);
        var image = Objects.requireNonNull(images.get(registry.diskFormat())).result();
        var copy = inRegion.register(image, registry, build);
        build.log().line("%s: image %s, %s as measured", region, copy.ref().id(), copy.hashAlgorithm());
        return copy.ref();
    }

    /** The regions that have their copy keep it; a retry finds it there. */
    @Override
    public boolean sparesOthers(Blame blame, Facts facts) {
        return blame == Blame.CLOUD;
    }

    @Override
    public boolean holds(ImageCopied fact, StageContext build) {
        try {
            for (var copy : fact.images()) {
                if (registries.of(copy.region()).find(copy.id()).isEmpty()) {
                    return false;
                }
            }
            return true;
        } catch (StageFailure unreachable) {
            return false;
        }
    }
}
