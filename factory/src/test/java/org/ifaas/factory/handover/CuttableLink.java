package org.ifaas.factory.handover;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A way to a port on loopback that a test can cut. */
public final class CuttableLink implements Way, AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int target;
    private final AtomicLong carried = new AtomicLong();
    private final AtomicLong cutAt = new AtomicLong(Long.MAX_VALUE);
    private boolean silent;

    public CuttableLink(int target) throws IOException {
        this(target, false);
    }

    private CuttableLink(int target, boolean silent) throws IOException {
        this.target = target;
        this.silent = silent;
        Thread.ofVirtual().start(this::accept);
    }

    /** The first connection opens, but leads nowhere. */
    public static CuttableLink silentAtFirst(int target) throws IOException {
        return new CuttableLink(target, true);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Ends all connections that are open now; new ones are let through. */
    public void cut() throws IOException {
        for (var socket : open) {
            socket.close();
        }
        open.clear();
    }

    @Override
    public void cutAfter(long bytes) {
        cutAt.set(carried.get() + bytes);
    }

    @Override
    public boolean wasCut() {
        return cutAt.get() == Long.MAX_VALUE;
    }

    @Override
    public long carried() {
        return carried.get();
    }

    private void accept() {
        try {
            while (true) {
                var near = listening.accept();
                if (silent) {
                    silent = false;
                    open.add(near);
                    continue;
                }
                var far = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(near);
                open.add(far);
                Thread.ofVirtual().start(() -> carry(near, far));
                Thread.ofVirtual().start(() -> carry(far, near));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void carry(Socket from, Socket to) {
        try (from;
                to) {
            carry(from.getInputStream(), to.getOutputStream());
        } catch (IOException e) {
            // Cut.
        }
    }

    private void carry(InputStream from, OutputStream to) throws IOException {
        var buffer = new byte[16 * 1024];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            long at = cutAt.get();
            if (carried.addAndGet(n) >= at && cutAt.compareAndSet(at, Long.MAX_VALUE)) {
                cut();
            }
            to.write(buffer, 0, n);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
