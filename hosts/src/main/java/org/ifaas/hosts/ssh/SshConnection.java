package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.hosts.local.Lines;

/** A connection over one {@link Link}. */
final class SshConnection implements Connection {
    /** The machine keeps the limit itself; here is how much later we stop waiting for it. */
    private static final Duration MARGIN = Duration.ofSeconds(15);

    private static final int TIMED_OUT = 124;

    private final Link link;
    private final SshPolicy policy;
    private final Detached detached;
    private final Transfer transfer;

    SshConnection(Link link, SshPolicy policy) {
        this.link = link;
        this.policy = policy;
        this.detached = new Detached(link, policy);
        this.transfer = new Transfer(link, policy);
    }

    @Override
    public int run(Command command, StageLog log, Duration limit) throws StageFailure, InterruptedException {
        var lines = new Lines(policy.lineLimit(), log::line);
        return exchange(command, limit, true, lines::addAll).exit();
    }

    @Override
    public String read(Command command, Duration limit) throws StageFailure, InterruptedException {
        var text = new byte[1][];
        var end = exchange(command, limit, false, out -> text[0] = out.readNBytes(policy.readLimit() + 1));
        if (text[0].length > policy.readLimit()) {
            throw failure(command, "printed more than " + policy.readLimit() + " bytes");
        }
        if (end.exit() != 0) {
            throw failure(command, "exited with " + end.exit() + ": " + end.errors());
        }
        return new String(text[0], StandardCharsets.UTF_8);
    }

    private interface Reading {
        void read(InputStream out) throws IOException;
    }

    private record End(int exit, String errors) {}

    private End exchange(Command command, Duration limit, boolean merged, Reading reading)
            throws StageFailure, InterruptedException {
        long seconds = Math.max(1, limit.toSeconds());
        var words = new ArrayList<>(List.of(Long.toString(seconds), command.directory()));
        words.addAll(ShellWords.argv(command));
        var session = link.session(policy.reconnect());
        long start = System.nanoTime();
        try (var exchange = Exchange.open(session, Script.RUN.command(words), merged, limit.plus(MARGIN))) {
            IOException broken = null;
            try {
                reading.read(exchange.out());
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                broken = e;
            }
            var exit = exchange.exit();
            boolean late =
                    System.nanoTime() - start >= Duration.ofSeconds(seconds).toNanos();
            if (exchange.expired() || late && exit.orElse(0) >= TIMED_OUT) {
                throw failure(command, "was ended: it took longer than " + seconds + " s");
            }
            if (broken != null || exit.isEmpty()) {
                throw failure(command, "was cut off: " + (broken == null ? "the link is gone" : broken.getMessage()));
            }
            return new End(exit.getAsInt(), exchange.errors());
        } catch (InterruptedIOException e) {
            throw Link.interruption(e);
        } catch (IOException e) {
            throw failure(command, "could not be run: " + e.getMessage());
        }
    }

    private StageFailure failure(Command command, String what) {
        return new StageFailure(
                Blame.HOST,
                "'" + String.join(" ", command.argv()) + "' on host " + link.name() + " " + what,
                "Retry on a fresh host; when it happens again, look at the stage's log.");
    }

    @Override
    public int follow(String id, Command command, StageLog log, Duration limit)
            throws StageFailure, InterruptedException {
        return detached.follow(id, command, log, limit);
    }

    @Override
    public void endAll() throws StageFailure, InterruptedException {
        detached.end(List.of());
    }

    @Override
    public void upload(InputStream content, String path, int mode) throws StageFailure, InterruptedException {
        transfer.upload(content, path, mode);
    }

    @Override
    public void download(String path, OutputStream to, long limit)
            throws StageFailure, IOException, InterruptedException {
        transfer.download(path, to, limit);
    }

    @Override
    public String commandLine() {
        return link.commandLine();
    }

    @Override
    public void close() {
        link.close();
    }
}
