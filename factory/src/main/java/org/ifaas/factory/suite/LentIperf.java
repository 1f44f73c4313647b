package org.ifaas.factory.suite;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ifaas.factory.host.Command;
import org.ifaas.factory.host.Connection;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;

/**
 * The factory's own iperf3 on an instance that has none, in a temporary folder, with its loader and libraries, so that it
 * does not matter what C library the image has. Nothing is installed.
 */
final class LentIperf implements AutoCloseable {
    private static final Duration SHORT = Duration.ofMinutes(2);
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x[0-9a-f]+\\)$");
    private static final Pattern FOLDER = Pattern.compile("/tmp/ifaas-iperf\\.[A-Za-z0-9]{10}");

    private final Connection connection;
    private final StageLog log;
    private final String folder;
    private final List<String> command;

    private LentIperf(Connection connection, StageLog log, String folder, List<String> command) {
        this.connection = connection;
        this.log = log;
        this.folder = folder;
        this.command = command;
    }

    /** @throws IOException when the factory has no iperf3, or none that can be lent */
    static LentIperf to(Connection connection, String program, StageLog log)
            throws StageFailure, IOException, InterruptedException {
        var own = path(program);
        var files = new LinkedHashMap<String, byte[]>();
        files.put("iperf3", Files.readAllBytes(own));
        for (var library : libraries(own)) {
            files.put(library.getFileName().toString(), Files.readAllBytes(library));
        }
        var loader = files.keySet().stream()
                .filter(name -> name.startsWith("ld-"))
                .findFirst()
                .orElseThrow(() -> new IOException(own + " is linked to no loader"));
        long bytes =
                files.values().stream().mapToLong(content -> content.length).sum();
        log.line("lending the instance the factory's iperf3, %d KiB", bytes / 1024);

        var folder = connection
                .read(Command.of("mktemp", "-d", "/tmp/ifaas-iperf.XXXXXXXXXX"), SHORT)
                .strip();
        if (!FOLDER.matcher(folder).matches()) {
            throw new IOException("mktemp answered something else than a folder");
        }
        var command = List.of(folder + "/" + loader, "--library-path", folder, folder + "/iperf3");
        var lent = new LentIperf(connection, log, folder, command);
        try {
            connection.upload(new ByteArrayInputStream(Ustar.of(files)), folder + "/iperf3.tar", 0600);
            connection.read(Command.of("tar", "-C", folder, "-xf", folder + "/iperf3.tar"), SHORT);
            return lent;
        } catch (StageFailure | RuntimeException | InterruptedException e) {
            lent.close();
            throw e;
        }
    }

    /** How it is called on the instance. */
    List<String> command() {
        return command;
    }

    @Override
    public void close() {
        try {
            connection.run(Command.of("rm", "-rf", "--", folder), log, SHORT);
        } catch (StageFailure e) {
            log.line("%s could not be removed from the instance: %s", folder, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path path(String program) throws IOException {
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
        var text = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        ldd.waitFor(10, TimeUnit.SECONDS);
        return text.lines()
                .map(LIBRARY::matcher)
                .filter(Matcher::find)
                .map(found -> Path.of(found.group(1)))
                .toList();
    }
}
