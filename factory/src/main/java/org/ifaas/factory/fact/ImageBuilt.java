package org.ifaas.factory.fact;

import java.time.Instant;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Fact;
import org.jspecify.annotations.Nullable;

/**
 * Stage 7: the image is in the artifact store, beyond the host's reach, measured and hashed by the factory.
 *
 * @param key of the image in the artifact store
 * @param virtualBytes virtual size of its disk
 * @param packages how many packages its list has
 * @param started when the build began that made it; null where an older factory has recorded it
 * @param finished when it was beyond the host's reach; null likewise
 */
public record ImageBuilt(
        String key,
        Measured measured,
        long virtualBytes,
        String packageListKey,
        int packages,
        @Nullable Instant started,
        @Nullable Instant finished)
        implements Fact {}
