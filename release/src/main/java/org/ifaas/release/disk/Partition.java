package org.ifaas.release.disk;

/**
 * A part of a disk.
 *
 * @param number as Linux counts them; 0 for a disk without a partition table
 * @param start in bytes
 * @param length in bytes
 */
public record Partition(int number, long start, long length) {
    @Override
    public String toString() {
        return number == 0 ? "the disk" : "partition " + number;
    }
}
