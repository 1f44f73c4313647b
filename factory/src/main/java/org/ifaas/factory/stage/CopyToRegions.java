package org.ifaas.factory.stage;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.image.ImageProperties;
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
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.pipeline.StageName;

/** Stage 12: copies the image to the other regions, privately, and compares the digest of every copy. */
public final class CopyToRegions implements Stage<ImageCopied> {
    private final Registries registries;
    private final ArtifactStore store;

    public CopyToRegions(Registries registries, ArtifactStore store) {
        this.registries = registries;
        this.store = store;
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
        var inputs = build.fact(Inputs.class);
        var built = build.fact(ImageBuilt.class);
        var buildDate = build.build().requested().atZone(ZoneOffset.UTC).toLocalDate();
        var image = new NewImage(
                inputs.imageName(), store.path(built.key()), built.measured(), ImageProperties.of(inputs, buildDate));
        return new ImageCopied(
                copies(image, inputs.regions().subList(1, inputs.regions().size()), build.log()));
    }

    /** All at once: the slowest decides, and one that is down keeps none of the others from its copy. */
    private List<ImageRef> copies(NewImage image, List<String> regions, StageLog log)
            throws StageFailure, InterruptedException {
        var copying = new ArrayList<Meanwhile<ImageRef>>();
        try {
            for (var region : regions) {
                copying.add(new Meanwhile<>(() -> copy(image, region, log)));
            }
            var copies = new ArrayList<ImageRef>();
            var failures = new ArrayList<StageFailure>();
            for (var one : copying) {
                try {
                    copies.add(one.result());
                } catch (StageFailure e) {
                    log.line("%s", e.getMessage());
                    failures.add(e);
                }
            }
            if (failures.size() > 1) {
                throw new StageFailure(
                        Blame.CLOUD,
                        "%d of %d regions have no copy: %s"
                                .formatted(
                                        failures.size(),
                                        regions.size(),
                                        failures.stream()
                                                .map(StageFailure::getMessage)
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

    private ImageRef copy(NewImage image, String region, StageLog log) throws StageFailure, InterruptedException {
        var copy = registries.of(region).register(image, log);
        RegionDigest.compare(copy, image.measured());
        log.line("%s: image %s, %s as measured", region, copy.ref().id(), copy.hashAlgorithm());
        return copy.ref();
    }

    /** The regions that have their copy keep it; a retry finds it there. */
    @Override
    public boolean sparesOthers(Blame blame) {
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
