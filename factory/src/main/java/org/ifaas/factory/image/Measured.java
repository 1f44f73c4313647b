package org.ifaas.factory.image;

/**
 * What the factory itself has measured of a file, once, while copying it to where no host can write.
 *
 * @param size in bytes
 */
public record Measured(long size, Digests digests) {}
