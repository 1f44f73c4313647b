package org.ifaas.factory.signing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** Seals a release folder: audit set, checksums, detached signatures, public key. May be done twice. */
public interface Sealer {
    /**
     * @param known what was measured before, by path below the folder; compared while signing
     * @param detached paths below the folder that get a detached signature of their own
     * @return sha256 of {@code SHA256SUMS}, hexadecimal
     * @throws StageFailure blaming the FACTORY when a file is not what was measured, or the key can't be used
     */
    String seal(Path folder, Map<String, Measured> known, List<String> detached, StageLog log)
            throws StageFailure, IOException, InterruptedException;
}
