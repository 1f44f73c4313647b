package org.ifaas.factory.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.signing.Sealer;

/** Stage 10: seals the release folder with the factory's key: audit set, checksums, detached signatures. */
public final class SignImage implements Stage<ReleaseSealed> {
    private final Sealer sealer;
    private final ArtifactStore store;

    public SignImage(Sealer sealer, ArtifactStore store) {
        this.sealer = sealer;
        this.store = store;
    }

    @Override
    public StageName name() {
        return StageName.SIGN_IMAGE;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(ImageBuilt.class, ImageTested.class, ImageHashed.class);
    }

    @Override
    public Class<ReleaseSealed> makes() {
        return ReleaseSealed.class;
    }

    @Override
    public ReleaseSealed run(StageContext build) throws StageFailure, InterruptedException {
        var inputs = build.fact(Inputs.class);
        var built = build.fact(ImageBuilt.class);
        var folder = inputs.releaseFolder();
        var image = built.key().substring(folder.length() + 1);
        var detached = new ArrayList<>(List.of(image));
        build.fact(ImageTested.class).resultKeys().forEach(key -> detached.add(key.substring(folder.length() + 1)));
        try {
            var digest = sealer.seal(store.path(folder), Map.of(image, built.measured()), detached, build.log());
            return new ReleaseSealed(folder, digest, inputs.signingKey(), build.now());
        } catch (IOException e) {
            throw StoreFailures.cannotWrite(folder, e);
        }
    }

    @Override
    public boolean holds(ReleaseSealed fact, StageContext build) {
        return store.exists(fact.folder() + "/SHA256SUMS.asc");
    }
}
