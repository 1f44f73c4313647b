package org.ifaas.factory.signing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/** Seals a release folder: audit set, checksums, detached signatures, signed provenance, public key. May be done twice. */
public interface Sealer {
    /** The provenance below the release's folder: the statement in an envelope with its signature. */
    String PROVENANCE = "provenance.intoto.json";

    /** @throws StageFailure blaming the FACTORY when a file is not what was measured, or the key can't be used */
    Seal seal(Path folder, Contents contents, StageLog log) throws StageFailure, IOException, InterruptedException;

    /**
     * @param known what was measured before, by path below the folder; compared while signing
     * @param detached paths below the folder that get a detached signature of their own
     * @param provenance an in-toto statement
     */
    record Contents(Map<String, Measured> known, List<String> detached, String provenance) {
        public Contents {
            known = Map.copyOf(known);
            detached = List.copyOf(detached);
        }
    }

    /**
     * @param checksumsSha256 of {@code SHA256SUMS}, hexadecimal
     * @param keyFingerprint of the key that signed
     */
    record Seal(String checksumsSha256, String keyFingerprint) {}
}
