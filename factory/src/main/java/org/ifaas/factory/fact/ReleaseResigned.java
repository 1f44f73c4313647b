package org.ifaas.factory.fact;

import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Fact;
import org.jspecify.annotations.Nullable;

/**
 * Stage 10 of a build that signs a release anew: the release's own build says so too.
 *
 * @param build whose release it is
 * @param release such as {@code debian-12/20261122-k3f9x2ma}
 * @param checksumsSha256 digest of the new {@code SHA256SUMS}
 * @param earlierChecksumsSha256 of the one before
 * @param unchanged whether the key of today had sealed it already
 */
public record ReleaseResigned(
        BuildId build,
        String release,
        String checksumsSha256,
        String keyFingerprint,
        String earlierChecksumsSha256,
        String earlierKeyFingerprint,
        boolean unchanged)
        implements Fact {
    @Override
    public @Nullable String nothingToDo() {
        return unchanged ? "nothing to do: " + release + " is signed by the key of today, " + keyFingerprint : null;
    }
}
