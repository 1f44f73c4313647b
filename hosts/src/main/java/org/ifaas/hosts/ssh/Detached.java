package org.ifaas.hosts.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/**
 * Commands that outlive the link and the factory: started once, followed by the offset of their output, ended by their process
 * group. The stage's log keeps how far it has their output: there they are followed on.
 */
final class Detached {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9.-]{0,99}");
    private static final Duration SHORT = Duration.ofMinutes(3);
    private static final int ASK_AGAIN = 20;
    private static final int ALL_OF_IT = 21;

    private final Link link;
    private final SshPolicy policy;

    Detached(Link link, SshPolicy policy) {
        this.link = link;
        this.policy = policy;
    }

    int follow(String id, Command command, StageLog log, Duration limit) throws StageFailure, InterruptedException {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not the id of a detached command: " + id);
        }
        var most = Long.toString(policy.followLimit() + 1);
        var words = new ArrayList<>(List.of("start", id, Script.RUNNER.text(), most, command.directory()));
        words.addAll(ShellWords.argv(command));
        var output = new Output(run(id, ask(words)), log, policy.lineLimit());
        long deadline = System.nanoTime() + limit.toNanos() - age(id).toNanos();
        long trouble = 0;
        while (true) {
            var left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative() || left.isZero()) {
                throw tooLong(id, limit);
            }
            long before = output.offset();
            var part = part(id, output, left);
            if (output.offset() > before || part.exit().isPresent()) {
                trouble = 0;
            }
            if (output.offset() > policy.followLimit()) {
                throw tooMuch(id);
            }
            switch (part.exit().orElse(-1)) {
                case ALL_OF_IT -> {
                    output.end();
                    return exitCode(id);
                }
                case ASK_AGAIN -> {}
                case -1 -> trouble = waitAfterTrouble(trouble, id);
                default -> throw lost("the log of '" + id + "' can't be read: " + part.errors());
            }
        }
    }

    void end(List<String> ids) throws StageFailure, InterruptedException {
        var words = new ArrayList<>(List.of("end", Long.toString(policy.grace().toSeconds())));
        words.addAll(ids);
        ask(words);
    }

    /** What the machine calls this run of the command; one that was begun for an older factory has no name of its own. */
    private String run(String id, String name) throws StageFailure {
        if (name.isEmpty()) {
            return id;
        }
        if (!ID.matcher(name).matches()) {
            throw lost("'" + id + "' runs under a name that is none: " + name);
        }
        return name;
    }

    private record Part(OptionalInt exit, String errors) {}

    /** What there is from an offset on, for as long as the link and the limit last. */
    private Part part(String id, Output output, Duration left) throws StageFailure, InterruptedException {
        var session = link.session(policy.reconnect());
        var follow = Script.DETACH.command("follow", id, Long.toString(output.offset()));
        try (var exchange = Exchange.open(session, follow, false, left)) {
            var buffer = new byte[128 * 1024];
            var out = exchange.out();
            for (int n = out.read(buffer); n >= 0 && output.offset() <= policy.followLimit(); n = out.read(buffer)) {
                output.add(buffer, n);
            }
            return new Part(exchange.exit(), exchange.errors());
        } catch (InterruptedIOException e) {
            throw Link.interruption(e);
        } catch (IOException e) {
            return new Part(OptionalInt.empty(), String.valueOf(e.getMessage()));
        }
    }

    /** @return since when there is trouble, in the clock of {@link System#nanoTime} */
    private long waitAfterTrouble(long since, String id) throws StageFailure, InterruptedException {
        long now = System.nanoTime();
        if (since != 0 && now - since > policy.reconnect().toNanos()) {
            throw lost("nothing was heard of '" + id + "' for "
                    + policy.reconnect().toSeconds() + " s");
        }
        Thread.sleep(200);
        return since == 0 ? now : since;
    }

    private Duration age(String id) throws StageFailure, InterruptedException {
        var state = ask(List.of("state", id));
        try {
            return state.startsWith("running ")
                    ? Duration.ofSeconds(Math.max(0, Long.parseLong(state.substring(8))))
                    : Duration.ZERO;
        } catch (NumberFormatException | ArithmeticException e) {
            throw lost("the host says of '" + id + "': " + state);
        }
    }

    private int exitCode(String id) throws StageFailure, InterruptedException {
        var state = ask(List.of("state", id));
        try {
            if (state.startsWith("done ")) {
                return Integer.parseInt(state.substring(5));
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw lost("'" + id + "' is gone without an exit code (" + state + "): it was killed, or the host restarted");
    }

    /** One short request to the script, tried again over a new link when the link is cut: every verb may be said twice. */
    private String ask(List<String> words) throws StageFailure, InterruptedException {
        IOException last = new IOException("the link was cut");
        for (int attempt = 0; attempt < 3; attempt++) {
            var session = link.session(policy.reconnect());
            try (var exchange = Exchange.open(session, Script.DETACH.command(words), false, SHORT)) {
                var answer = new String(exchange.out().readNBytes(4096), StandardCharsets.UTF_8).strip();
                var exit = exchange.exit();
                if (exit.isPresent() && exit.getAsInt() == 0) {
                    return answer;
                }
                if (exit.isPresent()) {
                    throw lost("the request '" + words.getFirst() + "' failed: " + exchange.errors());
                }
            } catch (InterruptedIOException e) {
                throw Link.interruption(e);
            } catch (IOException e) {
                last = e;
            }
        }
        throw lost("the request '" + words.getFirst() + "' failed: " + last.getMessage());
    }

    private StageFailure tooLong(String id, Duration limit) throws StageFailure, InterruptedException {
        end(List.of(id));
        return new StageFailure(
                Blame.IMAGE,
                "'" + id + "' on host " + link.name() + " took longer than " + limit.toSeconds() + " s and was ended",
                "Find in the log what it waited for, or raise the stage's limit.");
    }

    private StageFailure tooMuch(String id) throws StageFailure, InterruptedException {
        end(List.of(id));
        return new StageFailure(
                Blame.IMAGE,
                "'" + id + "' on host " + link.name() + " printed more than " + policy.followLimit()
                        + " bytes and was ended",
                "Make it print less.");
    }

    private StageFailure lost(String what) {
        return new StageFailure(
                Blame.HOST, "host " + link.name() + ": " + what, "Retry on a fresh host; see the stage's log.");
    }
}
