package org.ifaas.factory.publish;

import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.pipeline.BuildId;
import org.jspecify.annotations.Nullable;

/**
 * Which publication requests of all are wanted.
 *
 * @param images only of these
 * @param state only in this state; null for any
 * @param after only those that come after this one in a list, so that a list can be read on from where a page ended; null for all
 */
public record RequestSelection(
        ImagePatterns images,
        PublicationRequest.@Nullable State state,
        @Nullable BuildId after) {
    public static final RequestSelection ALL = new RequestSelection(ImagePatterns.ALL, null, null);

    public RequestSelection among(ImagePatterns images) {
        return new RequestSelection(images, state, after);
    }

    public RequestSelection in(PublicationRequest.State state) {
        return new RequestSelection(images, state, after);
    }

    public RequestSelection after(BuildId request) {
        return new RequestSelection(images, state, request);
    }
}
