package org.ifaas.openstack.client;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a stream that stands still: whoever reads it would wait for ever. */
final class StallWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

    private final InputStream stream;
    private final Duration most;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long bytes;
    private volatile boolean stalled;

    StallWatch(InputStream stream, Duration most) {
        this.stream = stream;
        this.most = most;
        Thread.ofVirtual().name("stall-watch").start(this::watch);
    }

    void moved(int more) {
        bytes += more; // by the one thread that reads
    }

    /** @throws IOException when the stream was ended because it stood still */
    void check() throws IOException {
        if (stalled) {
            throw new IOException("nothing moved for " + most.toSeconds() + " s after " + bytes + " bytes");
        }
    }

    private void watch() {
        try {
            for (long seen = -1; seen != bytes; ) {
                seen = bytes;
                if (closed.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            stalled = true;
            stream.close();
        } catch (IOException e) {
            LOG.debug("ending a stream that stands still", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
