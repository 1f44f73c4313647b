package org.ifaas.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ifaas.api.BuildRequest;
import org.ifaas.api.BuildView;
import org.ifaas.api.StageView;
import tools.jackson.databind.json.JsonMapper;

/** A real factory as a process of its own, in a home of its own, spoken to over REST as the command line does. */
final class RunningFactory implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> launcher;
    private final List<String> jvm;
    private final Path home;
    private final List<String> options;
    private Process process;

    private RunningFactory(List<String> launcher, List<String> jvm, Path home, List<String> options)
            throws IOException, InterruptedException {
        this.launcher = launcher;
        this.jvm = jvm;
        this.home = home;
        this.options = options;
        this.process = start();
    }

    static RunningFactory in(Path home, String... options) throws IOException, InterruptedException {
        return new RunningFactory(List.of(), List.of(), home, List.of(options));
    }

    static RunningFactory watchedBy(Debugger debugger, Path home, String... options)
            throws IOException, InterruptedException {
        return new RunningFactory(List.of(), debugger.options(), home, List.of(options));
    }

    /**
     * With a file system of its own for one folder, which only the factory and what it starts can see; it goes with them.
     * Only root can.
     */
    static RunningFactory withSmallDisk(Path folder, int mebibytes, Path home, String... options)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var mount = "mount -t tmpfs -o mode=700,size=" + mebibytes + "m small \"$0\" && exec \"$@\"";
        return new RunningFactory(
                List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", mount, folder.toString()),
                List.of(),
                home,
                List.of(options));
    }

    private Process start() throws IOException, InterruptedException {
        var command = new ArrayList<>(launcher);
        command.addAll(program(jvm));
        command.addAll(List.of("serve", "--home", home.toString()));
        command.addAll(options);
        Files.createDirectories(home);
        var log = home.resolve("server.log").toFile();
        var started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        await("the factory is ready", () -> {
            if (!started.isAlive()) {
                throw new AssertionError("the factory ended at once:\n" + read(log.toPath()));
            }
            return announcedBy(started.pid());
        });
        return started;
    }

    private static List<String> program(List<String> jvm) {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED"));
        words.addAll(jvm);
        words.addAll(List.of("-Difaas.root=" + ROOT, "-cp", Installation.classPath(), "org.ifaas.server.Main"));
        return words;
    }

    /** Runs another process of the product to its end; what it says is in the home's {@code beside.log}. */
    int beside(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(program(List.of()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("beside.log").toFile()))
                .start()
                .waitFor();
    }

    private boolean announcedBy(long pid) {
        var file = home.resolve("run/factory.json");
        return Files.exists(file) && read(file).contains("\"pid\":" + pid + ",");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a power cut would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void startAgain() throws IOException, InterruptedException {
        process = start();
    }

    long pid() {
        return process.pid();
    }

    /** A path as the factory sees it, for tests that look into its small disk. */
    Path seen(Path path) {
        return Path.of("/proc/" + pid() + "/root" + path);
    }

    String url() {
        return JSON.readTree(read(home.resolve("run/factory.json"))).get("url").asString();
    }

    Path home() {
        return home;
    }

    String send(String method, String path, String body) throws IOException, InterruptedException {
        var answer = exchange(method, path, body);
        if (answer.statusCode() / 100 != 2) {
            throw new AssertionError(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    HttpResponse<String> exchange(String method, String path, String body) throws IOException, InterruptedException {
        var announced = JSON.readTree(read(home.resolve("run/factory.json")));
        var request = HttpRequest.newBuilder(URI.create(announced.get("url").asString() + "/api/v1" + path))
                .header("Authorization", "Bearer " + announced.get("token").asString())
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    BuildView build(String json) throws IOException, InterruptedException {
        return JSON.readValue(send("POST", "/builds", json), BuildView.class);
    }

    BuildView build(BuildRequest request) throws IOException, InterruptedException {
        return build(JSON.writeValueAsString(request));
    }

    BuildView show(String id) throws IOException, InterruptedException {
        return JSON.readValue(send("GET", "/builds/" + id, ""), BuildView.class);
    }

    <T> T get(String path, Class<T> type) throws IOException, InterruptedException {
        return JSON.readValue(send("GET", path, ""), type);
    }

    <T> T post(String path, String body, Class<T> type) throws IOException, InterruptedException {
        return JSON.readValue(send("POST", path, body), type);
    }

    BuildView awaitEnd(String id) throws IOException, InterruptedException {
        return awaitBuild(id, build -> build.ended() != null);
    }

    BuildView awaitBuild(String id, Seen until) throws IOException, InterruptedException {
        var last = new BuildView[] {show(id)};
        await("build " + id, () -> {
            try {
                last[0] = show(id);
                return until.isSo(last[0]) || last[0].ended() != null;
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return last[0];
    }

    static StageView stage(BuildView build, String name) {
        return build.stages().stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    String log(String id, String stage) throws IOException, InterruptedException {
        return JSON.readTree(send("GET", "/builds/" + id + "/logs/" + stage, ""))
                .get("text")
                .asString();
    }

    interface Seen {
        boolean isSo(BuildView build) throws IOException, InterruptedException;
    }

    interface Condition {
        boolean holds();
    }

    /** Polls until it holds; fails after half an hour. */
    static void await(String what, Condition condition) throws InterruptedException {
        var deadline = Instant.now().plus(Duration.ofMinutes(30));
        while (!condition.holds()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("still not so: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
