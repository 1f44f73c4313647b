package org.ifaas.factory.fact;

import java.time.Instant;
import java.util.List;
import org.ifaas.factory.pipeline.Fact;

/**
 * Stage 10: the release folder is sealed: SBOM, provenance, audit set, checksums, signatures, public key.
 *
 * @param folder key in the artifact store
 * @param checksumsSha256 digest of {@code SHA256SUMS}, which stands for the whole release
 * @param keyFingerprint of the key that sealed it: no other may have signed it
 * @param documentKeys of SBOM and provenance in the artifact store; empty where an older factory has sealed it
 */
public record ReleaseSealed(
        String folder, String checksumsSha256, String keyFingerprint, Instant sealed, List<String> documentKeys)
        implements Fact {}
