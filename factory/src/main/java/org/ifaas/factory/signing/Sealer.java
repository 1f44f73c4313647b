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

    /** What a release was sealed with before, below its folder: a folder for each seal, named after its checksums. */
    String EARLIER = "earlier-seals";

    /** Signed statements that come after the seal, in a folder below the release's that no seal covers. */
    String STATEMENTS = "statements";

    /** @throws StageFailure blaming the FACTORY when a file is not what was measured, or the key can't be used */
    Seal seal(Path folder, Contents contents, StageLog log) throws StageFailure, IOException, InterruptedException;

    /**
     * Signs a sealed release anew by the key of today: the same files, the same provenance. What it was sealed with before
     * stays below {@link #EARLIER}. A release that the key of today has sealed stays as it is.
     *
     * @throws StageFailure blaming the FACTORY when a file is not what the standing seal says, one was added or taken away, or
     *     the key can't be used
     */
    Seal reseal(Path folder, Standing standing, StageLog log) throws StageFailure, IOException, InterruptedException;

    /**
     * Adds a statement about a sealed release to its {@link #STATEMENTS}, signed by the key of today. One that says the same
     * by that key stays as it is, and one that says something else is replaced.
     *
     * @param name of its file, without the ending
     * @param statement an in-toto statement
     */
    void state(Path folder, String name, String statement, StageLog log) throws StageFailure, IOException;

    /**
     * The seal that a release has, as the journal knows it.
     *
     * @param seal which stands for all its files
     * @param known what was measured before, by path below the folder
     */
    record Standing(Seal seal, Map<String, Measured> known) {
        public Standing {
            known = Map.copyOf(known);
        }
    }

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
