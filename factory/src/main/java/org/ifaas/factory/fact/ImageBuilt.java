package org.ifaas.factory.fact;

import java.time.Instant;
import java.util.List;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.source.MirrorState;
import org.jspecify.annotations.Nullable;

/**
 * Stage 7: the image is in the artifact store, beyond the host's reach, measured and hashed by the factory.
 *
 * @param key of the image in the artifact store
 * @param virtualBytes virtual size of its disk
 * @param packages how many packages its list has
 * @param started when the build began that made it; null where an older factory has recorded it
 * @param finished when it was beyond the host's reach; null likewise
 * @param mirrors what the mirrors offered while it was built, of a suite that changed meanwhile before and after; empty where an
 *     older factory has recorded it
 */
public record ImageBuilt(
        String key,
        Measured measured,
        long virtualBytes,
        String packageListKey,
        int packages,
        @Nullable Instant started,
        @Nullable Instant finished,
        List<MirrorState> mirrors)
        implements Fact {
    /** As far as is known: an older factory knew only what stage 1 had seen. */
    public List<MirrorState> mirrorsSince(Inputs inputs) {
        return mirrors.isEmpty() ? inputs.mirrors() : mirrors;
    }
}
