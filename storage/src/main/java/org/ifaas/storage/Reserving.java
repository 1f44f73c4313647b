package org.ifaas.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file that stops before it takes what is kept free for others of the disk: the database and logs. It looks each
 * {@value #STEP} bytes, so that what is smaller, such as a signature or the last log, may still be written.
 */
final class Reserving implements WritableFile {
    static final int STEP = 4 << 20;

    private final WritableFile file;
    private final Probe.Free free;
    private long written;

    Reserving(WritableFile file, Probe.Free free) {
        this.file = file;
        this.free = free;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        var next = written + bytes.remaining();
        if (next / STEP > written / STEP && free.bytes() < Math.max(STEP, bytes.remaining())) {
            throw new IOException("No space left on device but what is kept free");
        }
        file.write(bytes);
        written = next;
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
