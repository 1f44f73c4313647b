package org.ifaas.release.ext;

/**
 * Consecutive blocks of a file that lie together on the disk. What no run covers reads as zeros.
 *
 * @param logical number of the first within the file
 * @param physical number of the first on the disk
 */
record Run(long logical, long physical, long blocks) {}
