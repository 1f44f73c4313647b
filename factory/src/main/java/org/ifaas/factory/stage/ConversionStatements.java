package org.ifaas.factory.stage;

import java.io.IOException;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.signing.Attester;
import org.ifaas.factory.signing.Sealer;

/** Ties the files of regions that have another disk format to a sealed release, by signed statements beside its seal. */
record ConversionStatements(Attester attester, Sealer sealer, ArtifactStore store) {
    /** @param facts of the build whose release it is */
    void sign(Facts facts, StageLog log) throws StageFailure {
        var release = facts.get(ReleaseSealed.class);
        var folder = store.path(release.folder());
        try {
            for (var converted : Converted.of(facts)) {
                var statement = attester.conversion(facts.get(ImageBuilt.class), release, converted);
                sealer.state(folder, converted.format().word(), statement, log);
            }
        } catch (IOException e) {
            throw StoreFailures.cannotWrite(folder.toString(), e);
        }
    }
}
