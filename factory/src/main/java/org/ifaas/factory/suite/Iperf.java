package org.ifaas.factory.suite;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/**
 * Measures the network between an instance and the factory, or another instance, in both directions. Figures, never a gate:
 * whatever goes wrong is a skipped test with its reason. An image without iperf3 is lent the factory's own.
 */
public final class Iperf {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration SHORT = Duration.ofMinutes(2);
    private static final String LISTENS = """
            i=0
            until grep -q ":$(printf %%04X %d) 0*:0000 0A" /proc/net/tcp /proc/net/tcp6; do
                i=$((i + 1))
                [ "$i" -lt 100 ] || exit 1
                sleep 0.1
            done
            """;
    private static final Pattern RATE = Pattern.compile(
            "\"sum_received\"\\s*:\\s*\\{[^{}]*\"bits_per_second\"\\s*:\\s*([0-9.]{1,30}(?:[eE][+-]?[0-9]{1,3})?)");

    private final String program;
    private final int seconds;
    private final InstantSource clock;

    /** @param program name or path of iperf3 on the factory's machine */
    public Iperf(String program, InstantSource clock) {
        this(program, 3, clock);
    }

    /** @param seconds how long each direction is measured */
    public Iperf(String program, int seconds, InstantSource clock) {
        this.program = program;
        this.seconds = seconds;
        this.clock = clock;
    }

    /** Who is at the other end. */
    public enum Far {
        FACTORY("the factory"),
        INSTANCE("another instance");

        private final String words;

        Far(String words) {
            this.words = words;
        }
    }

    private enum Direction {
        TO(List.of()),
        FROM(List.of("--reverse"));

        private final List<String> option;

        Direction(List<String> option) {
            this.option = option;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        String figure(Far far) {
            return "iperf3_" + word() + "_" + far.name().toLowerCase(Locale.ROOT) + "_mbit_per_s";
        }

        String title(Far far) {
            return "the network is measured " + word() + " " + far.words;
        }
    }

    /**
     * @param address where the instance reaches the far end
     * @param port of the build's {@link IperfServer}, or of what {@link #serve} has started
     * @param architecture of the image, such as {@code amd64}
     */
    public SuiteResult measure(
            Connection connection, Far far, String address, int port, String architecture, StageLog log)
            throws InterruptedException {
        var started = clock.instant();
        try {
            if (has(connection, log)) {
                return measure(List.of("iperf3"), connection, far, address, port, started, log);
            }
            try (var lent = lent(connection, architecture, log)) {
                return measure(lent.command(), connection, far, address, port, started, log);
            }
        } catch (StageFailure | IOException e) {
            return skipped(far, "iperf3 can't be had on the instance: " + e.getMessage(), started, log);
        }
    }

    /** Starts a server on an instance; it goes with that. */
    public void serve(Connection connection, int port, String architecture, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        var argv = new ArrayList<String>();
        if (has(connection, log)) {
            argv.add("iperf3");
        } else {
            argv.addAll(lent(connection, architecture, log).command());
        }
        argv.addAll(List.of("--server", "--daemon", "--port", Integer.toString(port)));
        argv.addAll(List.of("--pidfile", "/tmp/ifaas-iperf3-" + port + ".pid"));
        connection.read(Command.of(argv.toArray(String[]::new)), SHORT);
        // It listens a moment after it has become a daemon.
        connection.read(Command.of("/bin/sh", "-c", LISTENS.formatted(port)), SHORT);
    }

    private static boolean has(Connection connection, StageLog log) throws StageFailure, InterruptedException {
        return connection.run(Command.of("/bin/sh", "-c", "command -v iperf3 >/dev/null 2>&1"), log, SHORT) == 0;
    }

    private LentIperf lent(Connection connection, String architecture, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        if (!same(architecture)) {
            throw new IOException("the image has none, and the factory's is not for " + architecture);
        }
        return LentIperf.to(connection, program, log);
    }

    private SuiteResult measure(
            List<String> client,
            Connection connection,
            Far far,
            String address,
            int port,
            Instant started,
            StageLog log)
            throws InterruptedException {
        var figures = new TreeMap<String, Double>();
        var cases = new ArrayList<TestCase>();
        for (var direction : Direction.values()) {
            var test = measure(direction, client, connection, far, address, port, figures);
            log.line(
                    "%s: %s",
                    direction.title(far),
                    test.outcome() instanceof Outcome.Skipped(String reason)
                            ? "skipped, " + reason
                            : "%.0f Mbit/s".formatted(figures.get(direction.figure(far))));
            cases.add(test);
        }
        return result(cases, figures, started);
    }

    private TestCase measure(
            Direction direction,
            List<String> client,
            Connection connection,
            Far far,
            String address,
            int port,
            Map<String, Double> figures)
            throws InterruptedException {
        var argv = new ArrayList<String>(List.of("timeout", Long.toString(LIMIT.toSeconds())));
        argv.addAll(client);
        argv.addAll(List.of(
                "--client", address, "--port", Integer.toString(port), "--time", Integer.toString(seconds), "--json"));
        argv.addAll(direction.option);
        try {
            var rate = megabits(connection.read(Command.of(argv.toArray(String[]::new)), LIMIT.plusSeconds(30)));
            if (rate.isEmpty()) {
                return TestCase.skipped(direction.title(far), "iperf3 told no rate");
            }
            figures.put(direction.figure(far), rate.getAsDouble());
            return TestCase.passed(direction.title(far));
        } catch (StageFailure e) {
            return TestCase.skipped(direction.title(far), e.getMessage());
        }
    }

    /** What was received in the end, in Mbit/s, rounded to a tenth. */
    static OptionalDouble megabits(String json) {
        var rate = RATE.matcher(json);
        return rate.find()
                ? OptionalDouble.of(Math.round(Double.parseDouble(rate.group(1)) / 1e5) / 10.0)
                : OptionalDouble.empty();
    }

    private SuiteResult skipped(Far far, String reason, Instant started, StageLog log) {
        log.line("the network to %s is not measured: %s", far.words, reason);
        var cases = Arrays.stream(Direction.values())
                .map(direction -> TestCase.skipped(direction.title(far), reason))
                .toList();
        return result(cases, Map.of(), started);
    }

    private SuiteResult result(List<TestCase> cases, Map<String, Double> figures, Instant started) {
        var took = Duration.between(started, clock.instant());
        return new SuiteResult(List.of(new ScriptResult("iperf3", cases, figures, tap(cases, figures), started, took)));
    }

    private static String tap(List<TestCase> cases, Map<String, Double> figures) {
        var tap = new StringBuilder("TAP version 13\n");
        for (int i = 0; i < cases.size(); i++) {
            tap.append("ok ").append(i + 1).append(" - ").append(cases.get(i).name());
            if (cases.get(i).outcome() instanceof Outcome.Skipped(String reason)) {
                tap.append(" # SKIP ").append(reason.replaceAll("\\s+", " "));
            }
            tap.append('\n');
        }
        figures.forEach((name, value) ->
                tap.append("# figure ").append(name).append(' ').append(value).append('\n'));
        return tap.append("1..").append(cases.size()).append('\n').toString();
    }

    /** Debian's words for architectures and the others. */
    private static boolean same(String architecture) {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> architecture.equals("amd64") || architecture.equals("x86_64");
            case "aarch64" -> architecture.equals("arm64") || architecture.equals("aarch64");
            case String own -> architecture.equals(own);
        };
    }
}
