package org.ifaas.factory.suite;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/**
 * Measures the network between an instance and the factory, in both directions. Figures, never a gate: whatever goes wrong
 * is a skipped test with its reason. An image without iperf3 is lent the factory's own.
 */
public final class Iperf {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration SHORT = Duration.ofMinutes(2);
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
    Iperf(String program, int seconds, InstantSource clock) {
        this.program = program;
        this.seconds = seconds;
        this.clock = clock;
    }

    private enum Direction {
        TO_FACTORY("iperf3_to_factory_mbit_per_s", "the network is measured to the factory", List.of()),
        FROM_FACTORY(
                "iperf3_from_factory_mbit_per_s", "the network is measured from the factory", List.of("--reverse"));

        private final String figure;
        private final String title;
        private final List<String> option;

        Direction(String figure, String title, List<String> option) {
            this.figure = figure;
            this.title = title;
            this.option = option;
        }
    }

    /**
     * @param factoryAddress where the instance reaches the factory
     * @param port of the build's {@link IperfServer}
     * @param architecture of the image, such as {@code amd64}
     */
    public SuiteResult measure(
            Connection connection, String factoryAddress, int port, String architecture, StageLog log)
            throws InterruptedException {
        var started = clock.instant();
        try {
            if (connection.run(Command.of("/bin/sh", "-c", "command -v iperf3 >/dev/null 2>&1"), log, SHORT) == 0) {
                return measure(List.of("iperf3"), connection, factoryAddress, port, started, log);
            }
            if (!same(architecture)) {
                return skipped("the image has no iperf3, and the factory's is not for " + architecture, started, log);
            }
            try (var lent = LentIperf.to(connection, program, log)) {
                return measure(lent.command(), connection, factoryAddress, port, started, log);
            }
        } catch (StageFailure | IOException e) {
            return skipped("iperf3 can't be had on the instance: " + e.getMessage(), started, log);
        }
    }

    private SuiteResult measure(
            List<String> client, Connection connection, String address, int port, Instant started, StageLog log)
            throws InterruptedException {
        var figures = new TreeMap<String, Double>();
        var cases = new ArrayList<TestCase>();
        for (var direction : Direction.values()) {
            var test = measure(direction, client, connection, address, port, figures);
            log.line(
                    "%s: %s",
                    direction.title,
                    test.outcome() instanceof Outcome.Skipped(String reason)
                            ? "skipped, " + reason
                            : "%.0f Mbit/s".formatted(figures.get(direction.figure)));
            cases.add(test);
        }
        return result(cases, figures, started);
    }

    private TestCase measure(
            Direction direction,
            List<String> client,
            Connection connection,
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
                return TestCase.skipped(direction.title, "iperf3 told no rate");
            }
            figures.put(direction.figure, rate.getAsDouble());
            return TestCase.passed(direction.title);
        } catch (StageFailure e) {
            return TestCase.skipped(direction.title, e.getMessage());
        }
    }

    /** What was received in the end, in Mbit/s, rounded to a tenth. */
    static OptionalDouble megabits(String json) {
        var rate = RATE.matcher(json);
        return rate.find()
                ? OptionalDouble.of(Math.round(Double.parseDouble(rate.group(1)) / 1e5) / 10.0)
                : OptionalDouble.empty();
    }

    private SuiteResult skipped(String reason, Instant started, StageLog log) {
        log.line("the network is not measured: %s", reason);
        var cases = Arrays.stream(Direction.values())
                .map(direction -> TestCase.skipped(direction.title, reason))
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
