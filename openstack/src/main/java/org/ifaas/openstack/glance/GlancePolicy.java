package org.ifaas.openstack.glance;

import java.time.Duration;
import java.util.List;
import org.ifaas.factory.image.DiskFormat;
import org.jspecify.annotations.Nullable;

/**
 * How images come into a region's Glance.
 *
 * @param diskFormat what its stores want
 * @param method how the bytes come there
 * @param stores of Glance's that are to have the image, the first one first; empty for Glance's own choice
 * @param served from where Glance fetches, by {@link ImportMethod#WEB_DOWNLOAD}; else null
 * @param patience how long an import of Glance's may show no change until it is given up
 */
public record GlancePolicy(
        DiskFormat diskFormat,
        ImportMethod method,
        List<String> stores,
        @Nullable ServedStore served,
        Duration patience) {
    public static final Duration PATIENCE = Duration.ofMinutes(10);

    public GlancePolicy {
        stores = List.copyOf(stores);
        if ((method == ImportMethod.WEB_DOWNLOAD) != (served != null)) {
            throw new IllegalArgumentException("where Glance fetches from belongs to web-download");
        }
    }

    /** As a Glance takes them of which nothing is known. */
    public static GlancePolicy defaults() {
        return of(DiskFormat.QCOW2);
    }

    public static GlancePolicy of(DiskFormat diskFormat) {
        return new GlancePolicy(diskFormat, ImportMethod.DIRECT, List.of(), null, PATIENCE);
    }
}
