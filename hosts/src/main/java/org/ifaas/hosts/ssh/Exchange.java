package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.ifaas.hosts.local.Lines;
import org.ifaas.hosts.local.Tail;

/** One command on an open link: its streams, its limit, its end. */
final class Exchange implements AutoCloseable {
    private static final Duration OPENING = Duration.ofSeconds(60);
    private static final Duration ENDING = Duration.ofSeconds(20);

    private final ChannelExec channel;
    private final Tail errors = new Tail(4 * 1024);
    private volatile boolean expired;

    private Exchange(ChannelExec channel) {
        this.channel = channel;
    }

    /** @param merged whether standard error comes with standard output; else its end is kept for messages */
    static Exchange open(ClientSession session, String command, boolean merged, Duration limit) throws IOException {
        var exchange = new Exchange(session.createExecChannel(command));
        exchange.channel.setRedirectErrorStream(merged);
        if (!merged) {
            exchange.channel.setErr(exchange.keepErrors());
        }
        try {
            exchange.channel.open().verify(OPENING);
        } catch (IOException | RuntimeException e) {
            exchange.close();
            throw e;
        }
        CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
                .execute(exchange::expire);
        return exchange;
    }

    InputStream out() {
        return channel.getInvertedOut();
    }

    OutputStream in() {
        return channel.getInvertedIn();
    }

    /** What it wrote to standard error, at most the last lines. */
    String errors() {
        return errors.text().strip();
    }

    boolean expired() {
        return expired;
    }

    /** Waits for its end; call it when its output has been read. Empty when the link was cut or the limit was over. */
    OptionalInt exit() throws InterruptedIOException {
        channel.waitFor(
                EnumSet.of(ClientChannelEvent.EXIT_STATUS, ClientChannelEvent.EXIT_SIGNAL, ClientChannelEvent.CLOSED),
                ENDING);
        if (channel.getExitStatus() != null) {
            // What was written to standard error may come after the exit code.
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), Duration.ofSeconds(1));
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException();
        }
        var status = channel.getExitStatus();
        if (status != null) {
            return OptionalInt.of(status);
        }
        return channel.getExitSignal() == null ? OptionalInt.empty() : OptionalInt.of(128 + 9);
    }

    private void expire() {
        if (channel.isOpen()) {
            expired = true;
            close();
        }
    }

    private OutputStream keepErrors() {
        var lines = Lines.last(1024, errors::add);
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                lines.add(bytes, from, length);
            }

            @Override
            public void close() {
                lines.end();
            }
        };
    }

    @Override
    public void close() {
        channel.close(true);
    }
}
