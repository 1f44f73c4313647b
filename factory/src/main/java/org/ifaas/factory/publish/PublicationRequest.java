package org.ifaas.factory.publish;

import java.time.Instant;
import java.util.List;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.pipeline.BuildId;
import org.jspecify.annotations.Nullable;

/**
 * A release that waits for somebody with the right to make it public.
 *
 * @param id the build's id: a build asks once
 * @param publishAs the public name without its suffix
 * @param sha256 digest of the image
 * @param images the private images, one a region
 * @param how {@code four-eyes}, {@code self-approved} or {@code approved by policy}; null while PENDING
 */
public record PublicationRequest(
        BuildId id,
        String image,
        String serial,
        String publishAs,
        String sha256,
        List<ImageRef> images,
        String requester,
        State state,
        Instant requested,
        @Nullable String decidedBy,
        @Nullable Instant decided,
        @Nullable String how,
        @Nullable String reason) {

    public enum State {
        PENDING,
        APPROVED,
        /** Public in all its regions. */
        PUBLISHED,
        REJECTED
    }
}
