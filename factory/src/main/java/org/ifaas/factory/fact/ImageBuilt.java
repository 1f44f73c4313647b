package org.ifaas.factory.fact;

import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Fact;

/**
 * Stage 7: the image is in the artifact store, beyond the host's reach, measured and hashed by the factory.
 *
 * @param key of the image in the artifact store
 * @param virtualBytes virtual size of its disk
 * @param packages how many packages its list has
 */
public record ImageBuilt(String key, Measured measured, long virtualBytes, String packageListKey, int packages)
        implements Fact {}
