package org.ifaas.factory.fact;

import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Fact;
import org.jspecify.annotations.Nullable;

/**
 * Stage 8: the image is registered privately in the home region, its digest read back and compared.
 *
 * @param converted what is registered there; null where it is the image as it was built
 */
public record ImageRegistered(
        ImageRef image,
        String name,
        String hashAlgorithm,
        String hashValue,
        @Nullable Converted converted) implements Fact {
    /** What the region stores, when it stores what it was given. */
    public Measured measured(ImageBuilt built) {
        return converted == null ? built.measured() : converted.measured();
    }
}
