package org.ifaas.factory.publish;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a region's publisher, as the factory tells it. Nothing of it is believed before it was compared with the
 * signed statement.
 *
 * @param request with its approval
 * @param checksums the release's {@code SHA256SUMS}; null when the factory can't read it now
 * @param signature of them, armored; null likewise
 * @param statements that came after the release's seal, as DSSE envelopes
 */
public record ApprovedRelease(
        PublicationRequest request,
        @Nullable String checksums,
        @Nullable String signature,
        List<String> statements) {
    public ApprovedRelease {
        statements = List.copyOf(statements);
    }
}
