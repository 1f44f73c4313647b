package org.ifaas.openstack.fake;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;

/** A server of HTTP/1.1 on loopback that can misbehave on command. */
final class TinyServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Handler handler;
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread accepting;

    interface Handler {
        Reply handle(Request request) throws IOException;
    }

    record Request(
            String method, String path, Map<String, String> query, Map<String, String> headers, InputStream body) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    record Reply(int status, Map<String, String> headers, byte[] body) {}

    /** @param cut after so many bytes of the request's body; -1 for no cut */
    record Fault(Predicate<Request> when, long cut, boolean lose, boolean hang, Reply answer, int[] times) {}

    /** @param sockets of TLS, or plain ones */
    TinyServer(Handler handler, ServerSocketFactory sockets) throws IOException {
        this.handler = handler;
        this.socket = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.accepting = Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return (socket instanceof SSLServerSocket ? "https" : "http") + "://127.0.0.1:" + socket.getLocalPort();
    }

    void add(Fault fault) {
        faults.add(fault);
    }

    void clearFaults() {
        faults.clear();
    }

    /** Method and path of all requests so far. */
    List<String> seen() {
        return seen;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var in = new BufferedInputStream(connection.getInputStream());
            var out = new BufferedOutputStream(connection.getOutputStream());
            while (one(connection, in, out)) {}
        } catch (IOException | InterruptedException cutByTheOtherSide) {
            // The next request comes on another connection.
        } finally {
            open.remove(connection);
        }
    }

    private boolean one(Socket connection, InputStream in, OutputStream out) throws IOException, InterruptedException {
        var start = line(in);
        if (start.isEmpty()) {
            return false;
        }
        var words = start.split(" ");
        var headers = new TreeMap<String, String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        long length = Long.parseLong(headers.getOrDefault("content-length", "0"));
        int mark = words[1].indexOf('?');
        var path = mark < 0 ? words[1] : words[1].substring(0, mark);
        var body = new Body(in, length);
        var request = new Request(words[0], path, query(mark < 0 ? "" : words[1].substring(mark + 1)), headers, body);
        seen.add(words[0] + " " + path);
        var fault = fault(request);
        if (fault != null && fault.hang()) {
            closed.await();
            return false;
        }
        if (fault != null && fault.cut() >= 0) {
            body.cutAfter(fault.cut(), connection);
        }
        var reply = fault != null && fault.answer() != null ? fault.answer() : handler.handle(request);
        if (fault != null && fault.lose()) {
            return false;
        }
        // Closing a socket with unread bytes resets it, and the answer may get lost: large uploads see that, others
        // don't.
        if (length < 64 * 1024) {
            body.readAllBytes();
        }
        boolean whole = body.left() == 0;
        send(reply, out, words[0], whole);
        return whole;
    }

    private synchronized Fault fault(Request request) {
        for (var fault : faults) {
            if (fault.times()[0] > 0 && fault.when().test(request)) {
                fault.times()[0]--;
                return fault;
            }
        }
        return null;
    }

    private static void send(Reply reply, OutputStream out, String method, boolean keep) throws IOException {
        var head = new StringBuilder("HTTP/1.1 " + reply.status() + " Whatever\r\n");
        reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        if (reply.status() != 204) {
            head.append("Content-Length: " + reply.body().length + "\r\n");
        }
        if (!keep) {
            head.append("Connection: close\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (!method.equals("HEAD") && reply.status() != 204) {
            out.write(reply.body());
        }
        out.flush();
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static Map<String, String> query(String text) {
        var query = new LinkedHashMap<String, String>();
        for (var pair : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
        try {
            // Until its thread has left it, the socket may take a connection that comes after the close.
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (var connection : open) {
            connection.close();
        }
    }

    private static final class Body extends InputStream {
        private final InputStream in;
        private long left;
        private long untilCut = Long.MAX_VALUE;
        private Socket connection;

        Body(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        void cutAfter(long bytes, Socket connection) {
            this.untilCut = bytes;
            this.connection = connection;
        }

        long left() {
            return left;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            if (untilCut == 0) {
                connection.setSoLinger(true, 0);
                connection.close();
                throw new IOException("cut");
            }
            int read = in.read(to, offset, (int) Math.min(length, Math.min(left, untilCut)));
            if (read < 0) {
                throw new IOException("the client has gone");
            }
            left -= read;
            untilCut -= read;
            return read;
        }
    }
}
