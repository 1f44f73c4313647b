package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.sshd.client.session.ClientSession;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.jspecify.annotations.Nullable;

/** Whole files, to and from the machine. Plain {@code cat} over a channel is faster than SFTP's question and answer. */
final class Transfer {
    private static final Duration LIMIT = Duration.ofHours(6);
    private static final int NO_SUCH_FILE = 3;
    private static final int TOO_LARGE = 4;
    private static final int CHANGED = 5;
    private static final int CUT = -1;
    private static final int LONGEST_MARK = 100;
    private static final int BUFFER = 256 * 1024;

    private final Link link;
    private final SshPolicy policy;

    Transfer(Link link, SshPolicy policy) {
        this.link = link;
        this.policy = policy;
    }

    void upload(InputStream content, String path, int mode) throws StageFailure, InterruptedException {
        absolute(path);
        long bytes = 0;
        var session = link.session(policy.reconnect());
        try (var exchange =
                Exchange.open(session, Script.FILES.command("put", path, Integer.toOctalString(mode)), false, LIMIT)) {
            var buffer = new byte[BUFFER];
            try (var in = exchange.in()) {
                for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                    in.write(buffer, 0, n);
                    bytes += n;
                }
            }
            exchange.out().skip(Long.MAX_VALUE);
            check(exchange, "write", path);
        } catch (InterruptedIOException e) {
            throw Link.interruption(e);
        } catch (IOException e) {
            throw failure("write", path, String.valueOf(e.getMessage()));
        }
        // A cut link looks like the end of the file to the other side: only this says that all of it has arrived.
        try (var exchange = Exchange.open(
                link.session(policy.reconnect()),
                Script.FILES.command("commit", path, Long.toString(bytes)),
                false,
                LIMIT)) {
            exchange.out().skip(Long.MAX_VALUE);
            check(exchange, "write", path);
        } catch (InterruptedIOException e) {
            throw Link.interruption(e);
        } catch (IOException e) {
            throw failure("write", path, String.valueOf(e.getMessage()));
        }
    }

    /** A cut link goes on where it was cut, for as long as bytes come and the file is the same. */
    void download(String path, OutputStream to, long limit) throws StageFailure, IOException, InterruptedException {
        absolute(path);
        var coming = new Coming(path, to, limit);
        long trouble = 0;
        while (true) {
            long before = coming.bytes;
            if (coming.rest()) {
                return;
            }
            long now = System.nanoTime();
            if (trouble == 0 || coming.bytes > before) {
                trouble = now;
            } else if (now - trouble > policy.reconnect().toNanos()) {
                throw failure("read", path, "the link was cut");
            }
        }
    }

    private interface Sink {
        void take(byte[] buffer, int length) throws StageFailure, IOException;
    }

    private final class Coming {
        private final String path;
        private final OutputStream to;
        private final long limit;
        /** Size, time and inode, as the host tells them. */
        private String mark = "";

        private long bytes;

        Coming(String path, OutputStream to, long limit) {
            this.path = path;
            this.to = to;
            this.limit = limit;
        }

        /** @return whether all of it is here; else the link was cut */
        boolean rest() throws StageFailure, IOException, InterruptedException {
            if (mark.isEmpty()) {
                var marked = new StringBuilder();
                if (!pass(Script.FILES.command("mark", path), (buffer, n) -> mark(marked, buffer, n))) {
                    return false;
                }
                mark = marked.toString().strip();
            }
            var get = Script.FILES.command("get", path, Long.toString(limit), Long.toString(bytes), mark);
            if (!pass(get, this::keep)) {
                return false;
            }
            if (!mark.startsWith(bytes + " ")) {
                throw changed(path, bytes + " bytes came of what had " + mark.replaceAll(" .*", ""));
            }
            return true;
        }

        private void mark(StringBuilder marked, byte[] buffer, int length) throws StageFailure {
            marked.append(new String(buffer, 0, length, StandardCharsets.US_ASCII));
            if (marked.length() > LONGEST_MARK) {
                throw failure("read", path, "its size can't be told");
            }
        }

        private void keep(byte[] buffer, int length) throws StageFailure, IOException {
            if (bytes + length > limit) {
                throw tooLarge(path, limit, "more than that came");
            }
            to.write(buffer, 0, length);
            bytes += length;
        }

        /** @return whether the command came to its end */
        private boolean pass(String command, Sink sink) throws StageFailure, IOException, InterruptedException {
            var session = link.session(policy.reconnect());
            try (var exchange = open(session, command)) {
                if (exchange == null) {
                    return false;
                }
                var out = exchange.out();
                var buffer = new byte[BUFFER];
                for (int n = read(out, buffer); n >= 0; n = read(out, buffer)) {
                    sink.take(buffer, n);
                }
                return ended(exchange.exit().orElse(CUT), exchange.errors());
            } catch (InterruptedIOException e) {
                throw Link.interruption(e);
            }
        }

        private boolean ended(int exit, String errors) throws StageFailure {
            return switch (exit) {
                case 0 -> true;
                case CUT -> false;
                case NO_SUCH_FILE ->
                    throw new StageFailure(
                            Blame.IMAGE,
                            path + " on host " + link.name() + " can't be fetched: " + errors,
                            "See in the log why it was not made as a regular file.");
                case TOO_LARGE -> throw tooLarge(path, limit, errors);
                case CHANGED -> throw changed(path, errors);
                default -> throw failure("read", path, errors);
            };
        }
    }

    private static @Nullable Exchange open(ClientSession session, String command) throws InterruptedIOException {
        try {
            return Exchange.open(session, command, false, LIMIT);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException cut) {
            return null;
        }
    }

    /** Reading fails for the link's sake, writing for ours: they must not be taken for each other. */
    private static int read(InputStream out, byte[] buffer) throws InterruptedIOException {
        try {
            return out.read(buffer);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException cut) {
            return -1;
        }
    }

    private void check(Exchange exchange, String verb, String path) throws StageFailure, IOException {
        var exit = exchange.exit();
        if (exit.isEmpty() || exit.getAsInt() != 0) {
            throw failure(verb, path, exit.isEmpty() ? "the link was cut" : exchange.errors());
        }
    }

    private static void absolute(String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException("not the absolute path of a file: " + path);
        }
    }

    private StageFailure tooLarge(String path, long limit, String detail) {
        return new StageFailure(
                Blame.IMAGE,
                path + " on host " + link.name() + " is larger than the limit of " + limit + " bytes: " + detail,
                "Make it smaller; how large an image may be follows from sizes.disk_mib of its definition.");
    }

    private StageFailure changed(String path, String detail) {
        return new StageFailure(
                Blame.HOST,
                path + " on host " + link.name() + " has changed while it was copied: " + detail,
                "Retry on a fresh host; when it happens again, see what the build has left running there.");
    }

    private StageFailure failure(String verb, String path, String detail) {
        return new StageFailure(
                Blame.HOST,
                "can't " + verb + " " + path + " on host " + link.name() + ": " + detail,
                "Retry on a fresh host; when it happens again, see whether its disk is full.");
    }
}
