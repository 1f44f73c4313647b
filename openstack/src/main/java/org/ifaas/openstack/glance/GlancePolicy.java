package org.ifaas.openstack.glance;

import org.ifaas.factory.image.DiskFormat;

/**
 * How images come into a region's Glance.
 *
 * @param diskFormat what its stores want
 */
public record GlancePolicy(DiskFormat diskFormat) {
    public static GlancePolicy defaults() {
        return new GlancePolicy(DiskFormat.QCOW2);
    }
}
