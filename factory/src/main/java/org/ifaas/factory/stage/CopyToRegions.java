package org.ifaas.factory.stage;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Set;
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
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
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
        var copies = new ArrayList<ImageRef>();
        for (var region : inputs.regions().subList(1, inputs.regions().size())) {
            var copy = registries.of(region).register(image, build.log());
            RegionDigest.compare(copy, built.measured());
            build.log().line("%s: image %s, %s as measured", region, copy.ref().id(), copy.hashAlgorithm());
            copies.add(copy.ref());
        }
        return new ImageCopied(copies);
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
