package org.ifaas.factory.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Stage;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.signing.Auditor;

/** Stage 11: writes the hashdeep audit set of every file inside the image, read without mounting it. */
public final class HashImage implements Stage<ImageHashed> {
    private final Auditor auditor;
    private final ArtifactStore store;

    public HashImage(Auditor auditor, ArtifactStore store) {
        this.auditor = auditor;
        this.store = store;
    }

    @Override
    public StageName name() {
        return StageName.HASH_IMAGE;
    }

    @Override
    public Set<Class<? extends Fact>> needs() {
        return Set.of(ImageBuilt.class);
    }

    @Override
    public Class<ImageHashed> makes() {
        return ImageHashed.class;
    }

    @Override
    public ImageHashed run(StageContext build) throws StageFailure, InterruptedException {
        var image = build.fact(ImageBuilt.class).key();
        var key = build.fact(Inputs.class).releaseFolder() + "/files/contents.hashdeep";
        var temporary = build.folder().resolve("hash-image");
        var auditSet = build.folder().resolve("contents.hashdeep");
        try {
            Folders.delete(temporary);
            Files.createDirectories(temporary);
            long files = auditor.auditInside(store.path(image), auditSet, temporary, build.log());
            if (files < 0) {
                return new ImageHashed(null, 0);
            }
            store.copy(auditSet, key);
            build.log().line("%s lists %d files", key, files);
            return new ImageHashed(key, files);
        } catch (IOException e) {
            throw StoreFailures.cannotWrite(key, e);
        } finally {
            Folders.deleteQuietly(temporary);
            Folders.deleteQuietly(auditSet);
        }
    }

    @Override
    public boolean holds(ImageHashed fact, StageContext build) {
        return fact.auditKey() == null || store.exists(fact.auditKey());
    }
}
