package org.ifaas.factory.image;

import java.nio.file.Path;
import java.util.Map;

/**
 * An image to be registered privately.
 *
 * @param name carries the build's id, so that a second call finds what the first one made
 * @param file in the disk format of the region
 * @param properties in Glance's vocabulary, among them {@code min_disk} (GiB) and {@code min_ram} (MiB)
 */
public record NewImage(String name, Path file, Measured measured, Map<String, String> properties) {}
