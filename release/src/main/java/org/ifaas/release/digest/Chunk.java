package org.ifaas.release.digest;

import java.util.concurrent.atomic.AtomicInteger;

/** A buffer that several digests read at the same time. */
final class Chunk {
    final byte[] bytes;
    int length;
    /** How many digests still have to read it. */
    final AtomicInteger pending = new AtomicInteger();

    Chunk(byte[] bytes) {
        this.bytes = bytes;
    }
}
