package org.ifaas.factory.pipeline;

import org.ifaas.factory.definition.ImagePatterns;
import org.jspecify.annotations.Nullable;

/**
 * Which builds of all are wanted.
 *
 * @param image only of this image definition; null for any
 * @param images only of these
 * @param state only in this state; null for any
 * @param with only those for which such a fact stands; null for any
 * @param after only those that come after this one in a list, so that a list can be read on from where a page ended; null for all
 */
public record BuildSelection(
        @Nullable String image,
        ImagePatterns images,
        @Nullable BuildState state,
        @Nullable Class<? extends Fact> with,
        @Nullable BuildId after) {
    public static final BuildSelection ALL = new BuildSelection(null, ImagePatterns.ALL, null, null, null);

    public static BuildSelection of(String image) {
        return new BuildSelection(image, ImagePatterns.ALL, null, null, null);
    }

    public BuildSelection among(ImagePatterns images) {
        return new BuildSelection(image, images, state, with, after);
    }

    public BuildSelection in(BuildState state) {
        return new BuildSelection(image, images, state, with, after);
    }

    public BuildSelection with(Class<? extends Fact> fact) {
        return new BuildSelection(image, images, state, fact, after);
    }

    public BuildSelection after(BuildId build) {
        return new BuildSelection(image, images, state, with, build);
    }
}
