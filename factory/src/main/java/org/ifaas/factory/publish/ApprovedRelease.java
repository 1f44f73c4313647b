package org.ifaas.factory.publish;

import org.jspecify.annotations.Nullable;

/**
 * What waits for a region's publisher, as the factory tells it. Nothing of it is believed before it was compared with the
 * signed statement.
 *
 * @param request with its approval
 * @param checksums the release's {@code SHA256SUMS}; null when the factory can't read it now
 * @param signature of them, armored; null likewise
 */
public record ApprovedRelease(
        PublicationRequest request,
        @Nullable String checksums,
        @Nullable String signature) {}
