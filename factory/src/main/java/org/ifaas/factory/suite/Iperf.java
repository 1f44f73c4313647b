package org.ifaas.factory.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/**
 * Measures the network between an instance and the factory, in both directions. Figures, never a gate: whatever goes wrong
 * is a skipped test with its reason. An image without iperf3 is lent the factory's own, with its loader and libraries, in a
 * temporary folder: nothing is installed.
 */
public final class Iperf {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration SHORT = Duration.ofMinutes(2);
    private static final Pattern RATE = Pattern.compile(
            "\"sum_received\"\\s*:\\s*\\{[^{}]*\"bits_per_second\"\\s*:\\s*([0-9.]{1,30}(?:[eE][+-]?[0-9]{1,3})?)");
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+)(?: \\(0x[0-9a-f]+\\))$");
    private static final Pattern FOLDER = Pattern.compile("/tmp/ifaas-iperf\\.[A-Za-z0-9]{10}");

    private final String program;
    private final InstantSource clock;

    /** @param program name or path of iperf3 on the factory's machine */
    public Iperf(String program, InstantSource clock) {
        this.program = program;
        this.clock = clock;
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
        var cases = new ArrayList<TestCase>();
        var figures = new TreeMap<String, Double>();
        var client = List.<String>of();
        String folder = null;
        String missing = "";
        try {
            client = found(connection, log);
            if (client.isEmpty()) {
                if (!same(architecture)) {
                    missing = "the image has no iperf3, and the factory's is not for " + architecture;
                } else {
                    folder = connection
                            .read(Command.of("mktemp", "-d", "/tmp/ifaas-iperf.XXXXXXXXXX"), SHORT)
                            .strip();
                    client = lend(connection, folder, log);
                }
            }
        } catch (StageFailure | IOException e) {
            missing = "iperf3 can't be had on the instance: " + e.getMessage();
        }
        for (var direction : Direction.values()) {
            var test = client.isEmpty()
                    ? TestCase.skipped(direction.title, missing)
                    : measure(direction, client, connection, factoryAddress, port, figures);
            cases.add(test);
            log.line(
                    "iperf3 %s: %s",
                    direction.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    test.outcome() instanceof Outcome.Skipped(String reason)
                            ? "skipped, " + reason
                            : "%.0f Mbit/s".formatted(figures.get(direction.figure)));
        }
        remove(connection, folder, log);
        var took = Duration.between(started, clock.instant());
        return new SuiteResult(List.of(new ScriptResult("iperf3", cases, figures, tap(cases, figures), started, took)));
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

    private static TestCase measure(
            Direction direction,
            List<String> client,
            Connection connection,
            String address,
            int port,
            Map<String, Double> figures)
            throws InterruptedException {
        var argv = new ArrayList<String>(List.of("timeout", Long.toString(LIMIT.toSeconds())));
        argv.addAll(client);
        argv.addAll(List.of("--client", address, "--port", Integer.toString(port), "--time", "3", "--json"));
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

    private static List<String> found(Connection connection, StageLog log) throws StageFailure, InterruptedException {
        boolean there =
                connection.run(Command.of("/bin/sh", "-c", "command -v iperf3 >/dev/null 2>&1"), log, SHORT) == 0;
        return there ? List.of("iperf3") : List.of();
    }

    /** Uploads the program with all it is linked to, so that it does not matter what C library the image has. */
    private List<String> lend(Connection connection, String folder, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        if (!FOLDER.matcher(folder).matches()) {
            throw new IOException("mktemp answered something else than a folder");
        }
        var own = path();
        var files = new LinkedHashMap<String, byte[]>();
        files.put("iperf3", Files.readAllBytes(own));
        String loader = null;
        for (var library : libraries(own)) {
            var name = library.getFileName().toString();
            files.put(name, Files.readAllBytes(library));
            loader = name.startsWith("ld-") ? name : loader;
        }
        if (loader == null) {
            throw new IOException(own + " has no loader");
        }
        long bytes =
                files.values().stream().mapToLong(content -> content.length).sum();
        log.line("lending the instance the factory's iperf3, %d KiB", bytes / 1024);
        var archive = folder + "/iperf3.tar";
        connection.upload(new java.io.ByteArrayInputStream(Ustar.of(files)), archive, 0600);
        connection.read(Command.of("tar", "-C", folder, "-xf", archive), SHORT);
        return List.of(folder + "/" + loader, "--library-path", folder, folder + "/iperf3");
    }

    private Path path() throws IOException {
        if (program.contains("/")) {
            return Path.of(program);
        }
        for (var folder : List.of("/usr/bin", "/usr/local/bin", "/bin")) {
            var file = Path.of(folder, program);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        throw new IOException("there is no " + program + " on the factory's machine");
    }

    private static List<Path> libraries(Path program) throws IOException, InterruptedException {
        var ldd = new ProcessBuilder("ldd", program.toString())
                .redirectErrorStream(true)
                .start();
        var text = new String(ldd.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        ldd.waitFor(10, TimeUnit.SECONDS);
        return parseLdd(text);
    }

    static List<Path> parseLdd(String text) {
        return text.lines()
                .map(LIBRARY::matcher)
                .filter(java.util.regex.Matcher::find)
                .map(found -> Path.of(found.group(1)))
                .toList();
    }

    /** Debian's words for architectures and the others. */
    private static boolean same(String architecture) {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> architecture.equals("amd64") || architecture.equals("x86_64");
            case "aarch64" -> architecture.equals("arm64") || architecture.equals("aarch64");
            case String own -> architecture.equals(own);
        };
    }

    private static void remove(Connection connection, @org.jspecify.annotations.Nullable String folder, StageLog log)
            throws InterruptedException {
        if (folder != null && FOLDER.matcher(folder).matches()) {
            try {
                connection.run(Command.of("rm", "-rf", "--", folder), log, SHORT);
            } catch (StageFailure e) {
                log.line("%s could not be removed from the instance: %s", folder, e.getMessage());
            }
        }
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
}
