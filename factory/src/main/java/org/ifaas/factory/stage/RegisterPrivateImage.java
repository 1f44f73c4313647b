package org.ifaas.factory.stage;

import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converter;
import org.ifaas.factory.image.ImageMetadata;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.PublicationRequests;
import org.ifaas.factory.signing.Measurer;

/** Stage 8: registers the image privately in the home region, and compares the digest that is read back. */
public final class RegisterPrivateImage implements Stage<ImageRegistered> {
    private final Registries registries;
    private final RegionFile files;
    private final InRegion inRegion;

    public RegisterPrivateImage(
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
        return StageName.REGISTER_PRIVATE_IMAGE;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(ImageBuilt.class);
    }

    @Override
    public Class<ImageRegistered> makes() {
        return ImageRegistered.class;
    }

    @Override
    public ImageRegistered run(StageContext build) throws StageFailure, InterruptedException {
        var inputs = build.fact(Inputs.class);
        var built = build.fact(ImageBuilt.class);
        var registry = registries.of(inputs.homeRegion());
        var format = registry.diskFormat();
        var image = files.of(format, build);
        ImageMetadata.of(image.properties(), build.now())
                .withSize(image.measured().size(), built.virtualBytes())
                .check(build.log());
        build.log().line("registering %s in %s", image.name(), registry.region());
        var registered = inRegion.register(image, registry, build);
        build.log()
                .line(
                        "image %s, %s %s as measured",
                        registered.ref().id(), registered.hashAlgorithm(), registered.hashValue());
        return new ImageRegistered(
                registered.ref(),
                registered.name(),
                registered.hashAlgorithm(),
                registered.hashValue(),
                RegionFile.converted(format, image));
    }

    /** On a retry of what was tested and sealed, the home region is one of those that may lack their copy. */
    @Override
    public boolean sparesOthers(Blame blame, Facts facts) {
        return blame == Blame.CLOUD && facts.has(ReleaseSealed.class);
    }

    @Override
    public boolean holds(ImageRegistered fact, StageContext build) {
        try {
            return registries.of(fact.image().region()).find(fact.image().id()).isPresent();
        } catch (StageFailure unreachable) {
            return false;
        }
    }
}
