package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.sshd.client.session.ClientSession;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;

/** Whole files, to and from the machine. Plain {@code cat} over a channel is faster than SFTP's question and answer. */
final class Transfer {
    private static final Duration LIMIT = Duration.ofHours(6);
    private static final int NO_SUCH_FILE = 3;
    private static final int TOO_LARGE = 4;
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

    void download(String path, OutputStream to, long limit) throws StageFailure, IOException, InterruptedException {
        absolute(path);
        var session = link.session(policy.reconnect());
        try (var exchange = open(session, path, limit)) {
            var out = exchange.out();
            var buffer = new byte[BUFFER];
            long bytes = 0;
            for (int n = read(out, buffer, path); n >= 0; n = read(out, buffer, path)) {
                bytes += n;
                if (bytes > limit) {
                    throw tooLarge(path, limit, "more than that came");
                }
                to.write(buffer, 0, n);
            }
            switch (exchange.exit().orElse(-1)) {
                case 0 -> {}
                case NO_SUCH_FILE ->
                    throw new StageFailure(
                            Blame.IMAGE,
                            path + " on host " + link.name() + " can't be fetched: " + exchange.errors(),
                            "See in the log why it was not made as a regular file.");
                case TOO_LARGE -> throw tooLarge(path, limit, exchange.errors());
                case -1 -> throw failure("read", path, "the link was cut");
                default -> throw failure("read", path, exchange.errors());
            }
        } catch (InterruptedIOException e) {
            throw Link.interruption(e);
        }
    }

    private Exchange open(ClientSession session, String path, long limit) throws StageFailure, InterruptedException {
        try {
            return Exchange.open(session, Script.FILES.command("get", path, Long.toString(limit)), false, LIMIT);
        } catch (InterruptedIOException e) {
            throw Link.interruption(e);
        } catch (IOException e) {
            throw failure("read", path, String.valueOf(e.getMessage()));
        }
    }

    /** Reading fails for the host's sake, writing for ours: they must not be taken for each other. */
    private int read(InputStream out, byte[] buffer, String path) throws StageFailure, InterruptedException {
        try {
            return out.read(buffer);
        } catch (InterruptedIOException e) {
            throw Link.interruption(e);
        } catch (IOException e) {
            throw failure("read", path, String.valueOf(e.getMessage()));
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

    private StageFailure failure(String verb, String path, String detail) {
        return new StageFailure(
                Blame.HOST,
                "can't " + verb + " " + path + " on host " + link.name() + ": " + detail,
                "Retry on a fresh host; when it happens again, see whether its disk is full.");
    }
}
