package org.ifaas.storage.bucket;

import java.util.stream.IntStream;

/**
 * How a file is cut for its upload: parts of equal size, and the rest.
 *
 * @param bytes of the file
 * @param partBytes of every part but the last; a multiple of 1 MiB
 */
record Parts(long bytes, long partBytes) {
    /** What S3 allows. */
    private static final int MOST = 10_000;

    static final long MIB = 1 << 20;

    /** @param wanted size of a part; it becomes larger where there would be too many */
    static Parts of(long bytes, long wanted) {
        long least = Math.ceilDiv(Math.ceilDiv(bytes, MOST), MIB) * MIB;
        return new Parts(bytes, Math.max(wanted, least));
    }

    /** An empty file is one empty part. */
    int count() {
        return Math.max(1, (int) Math.ceilDiv(bytes, partBytes));
    }

    /** From 1. */
    IntStream numbers() {
        return IntStream.rangeClosed(1, count());
    }

    long offset(int number) {
        return (number - 1) * partBytes;
    }

    long length(int number) {
        return Math.min(partBytes, bytes - offset(number));
    }
}
