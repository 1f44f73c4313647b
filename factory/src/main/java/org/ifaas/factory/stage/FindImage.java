package org.ifaas.factory.stage;

import java.util.Set;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;

/** Stage 8 of a test: a file is registered privately, as in a build; an image of a region is the one that is there. */
public final class FindImage implements Stage<ImageRegistered> {
    private final Stage<ImageRegistered> register;
    private final Registries registries;

    /** @param register what registers a file */
    public FindImage(Stage<ImageRegistered> register, Registries registries) {
        this.register = register;
        this.registries = registries;
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
        var id = build.parameters().imageId();
        if (id == null) {
            return register.run(build);
        }
        var image = ImageRef.parse(id);
        var found = ActiveImage.of(registries.of(image.region()), image);
        RegionDigest.compare(found, build.fact(ImageBuilt.class).measured());
        build.log().line("%s is image %s, %s as measured", found.name(), image.id(), found.hashAlgorithm());
        return new ImageRegistered(image, found.name(), found.hashAlgorithm(), found.hashValue(), null);
    }

    @Override
    public boolean holds(ImageRegistered fact, StageContext build) {
        return register.holds(fact, build);
    }
}
