package org.ifaas.openstack.client;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file as the body of a request, read only as fast as the connection takes it: at any time one chunk of it is in memory.
 * The channel stays its owner's.
 */
final class FileBody implements BodyPublisher {
    static final int CHUNK = 256 * 1024;

    private final FileChannel channel;
    private final long size;
    private final AtomicLong sent = new AtomicLong();

    FileBody(FileChannel channel, long size) {
        this.channel = channel;
        this.size = size;
    }

    @Override
    public long contentLength() {
        return size;
    }

    /** Bytes that the connection has asked for so far. */
    long sent() {
        return sent.get();
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
        sent.set(0);
        subscriber.onSubscribe(new Reading(subscriber));
    }

    private final class Reading implements Subscription {
        private final Subscriber<? super ByteBuffer> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private long position;
        private volatile boolean over;

        Reading(Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        /** Whoever finds no demand reads for all who ask meanwhile, for onNext may ask again from within. */
        @Override
        public void request(long number) {
            if (number <= 0) {
                over = true;
                subscriber.onError(new IllegalArgumentException("a demand of " + number));
                return;
            }
            if (demand.getAndAdd(number) > 0) {
                return;
            }
            do {
                if (over) {
                    return;
                }
                next();
            } while (demand.decrementAndGet() > 0);
        }

        private void next() {
            try {
                if (position < size) {
                    var chunk = ByteBuffer.allocate((int) Math.min(CHUNK, size - position));
                    while (chunk.hasRemaining()) {
                        int read = channel.read(chunk, position + chunk.position());
                        if (read < 0) {
                            throw new IOException("the file has become shorter while it was sent");
                        }
                    }
                    position += chunk.capacity();
                    sent.set(position);
                    subscriber.onNext(chunk.flip());
                }
                if (position == size && !over) {
                    over = true;
                    subscriber.onComplete();
                }
            } catch (IOException e) {
                over = true;
                subscriber.onError(e);
            }
        }

        @Override
        public void cancel() {
            over = true;
        }
    }
}
