package org.ifaas.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A wire to a service, to which something happens, once, after so many bytes have gone there. */
final class CutWire implements AutoCloseable {
    private final ServerSocket here = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final URI there;
    private @Nullable Runnable event;
    private long left;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    CutWire(URI there) throws IOException {
        this.there = there;
        Thread.ofVirtual().start(this::accept);
    }

    /** The service's address by this wire. */
    URI address() {
        return URI.create("http://127.0.0.1:" + here.getLocalPort() + there.getPath());
    }

    void cutAfter(long bytes) {
        after(bytes, this::cut);
    }

    /** What goes through waits until it has happened. */
    synchronized void after(long bytes, Runnable happens) {
        left = bytes;
        event = happens;
    }

    synchronized boolean hasHappened() {
        return event == null;
    }

    private void cut() {
        open.forEach(socket -> {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        open.clear();
    }

    private synchronized void count(int bytes) {
        left -= bytes;
        if (event != null && left < 0) {
            var happens = event;
            event = null;
            happens.run();
        }
    }

    private void accept() {
        while (!here.isClosed()) {
            try {
                var near = here.accept();
                var far = new Socket(there.getHost(), there.getPort());
                open.addAll(List.of(near, far));
                Thread.ofVirtual().start(() -> send(near, far, true));
                Thread.ofVirtual().start(() -> send(far, near, false));
            } catch (IOException closedOrRefused) {
                // The client sees that nobody answers.
            }
        }
    }

    private void send(Socket from, Socket to, boolean counted) {
        try (from;
                to) {
            copy(from.getInputStream(), to.getOutputStream(), counted);
        } catch (IOException cut) {
            // As wires are.
        }
    }

    private void copy(InputStream from, OutputStream to, boolean counted) throws IOException {
        var some = new byte[1024];
        for (int n = from.read(some); n >= 0; n = from.read(some)) {
            if (counted) {
                count(n);
            }
            to.write(some, 0, n);
            to.flush();
        }
    }

    @Override
    public void close() throws IOException {
        here.close();
        cut();
    }
}
