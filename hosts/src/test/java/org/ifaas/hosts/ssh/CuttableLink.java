package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a port on loopback that a test can cut. */
final class CuttableLink implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int target;
    private boolean silent;

    CuttableLink(int target) throws IOException {
        this(target, false);
    }

    private CuttableLink(int target, boolean silent) throws IOException {
        this.target = target;
        this.silent = silent;
        Thread.ofVirtual().start(this::accept);
    }

    /** The first connection opens, but leads nowhere. */
    static CuttableLink silentAtFirst(int target) throws IOException {
        return new CuttableLink(target, true);
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Ends all connections that are open now; new ones are let through. */
    void cut() throws IOException {
        for (var socket : open) {
            socket.close();
        }
        open.clear();
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

    private static void carry(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Cut.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        cut();
    }
}
