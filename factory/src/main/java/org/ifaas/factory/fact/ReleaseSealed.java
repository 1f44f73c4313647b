package org.ifaas.factory.fact;

import java.time.Instant;
import org.ifaas.factory.pipeline.Fact;

/**
 * Stage 10: the release folder is sealed: audit set, checksums, signatures, public key.
 *
 * @param folder key in the artifact store
 * @param checksumsSha256 digest of {@code SHA256SUMS}, which stands for the whole release
 */
public record ReleaseSealed(String folder, String checksumsSha256, String keyFingerprint, Instant sealed)
        implements Fact {}
