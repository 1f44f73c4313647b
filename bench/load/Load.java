import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Fills the journal of a running factory, asks it for pages, and follows a log many times: {@code Load seed|pages|follow|size HOME …}. Its home's files say where it and its database are. */
class Load {
    /** So many of the newest builds have their files; of the others there is what the database knows. */
    private static final int WITH_FILES = 400;

    private final Path home;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Random random = new Random(1);

    private Load(Path home) {
        this.home = home;
    }

    public static void main(String[] arguments) throws Exception {
        var load = new Load(Path.of(arguments[1]));
        switch (arguments[0]) {
            case "seed" -> load.seed(Path.of(arguments[2]), arguments[3]);
            case "follow" -> load.follow(arguments[2], Integer.parseInt(arguments[3]), Double.parseDouble(arguments[4]));
            case "size" -> load.size(arguments[2]);
            case "pages" -> load.pages(Integer.parseInt(arguments[2]), Double.parseDouble(arguments[3]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private Connection database() throws IOException, SQLException {
        var port = Files.readAllLines(home.resolve("database/data/postmaster.pid")).get(3).strip();
        var password = Files.readString(home.resolve("database/password")).strip();
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/ifaas", "ifaas", password);
    }

    private void seed(Path sql, String builds) throws IOException, SQLException {
        try (var database = database(); var statement = database.createStatement()) {
            String template;
            try (var rows = statement.executeQuery("select id from build where state = 'SUCCEEDED' order by requested desc limit 1")) {
                rows.next();
                template = rows.getString(1);
            }
            statement.execute(Files.readString(sql).replace(":builds", builds));
            try (var rows = statement.executeQuery("select id from build order by requested desc limit " + WITH_FILES)) {
                while (rows.next()) {
                    if (!rows.getString(1).equals(template)) {
                        linkFiles(home.resolve("store/builds"), template, rows.getString(1));
                    }
                }
            }
        }
    }

    /** Its logs and evidence, as the other build's own. */
    private static void linkFiles(Path builds, String from, String to) throws IOException {
        try (var files = Files.walk(builds.resolve(from))) {
            for (var file : files.toList()) {
                var copy = builds.resolve(to).resolve(builds.resolve(from).relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.createLink(copy, file);
                }
            }
        }
    }

    /** Prints how many bytes of its seventh stage's log are stored. */
    private void size(String build) throws IOException, SQLException {
        try (var database = database();
                var query = database.prepareStatement("select size from stage_log where build = ? and stage = 'BUILD_IMAGE'")) {
            query.setString(1, build);
            try (var row = query.executeQuery()) {
                row.next();
                System.out.println(row.getLong(1));
            }
        }
    }

    /** One page or list, and how it is asked for, each time a little differently. */
    private record Question(String name, Supplier<HttpRequest> request) {}

    private void pages(int times, double goalMillis) throws IOException, InterruptedException {
        var announced = Files.readString(home.resolve("run/factory.json"));
        var api = value(announced, "url") + "/api/v1";
        var token = value(announced, "token");
        var password = send(api(api + "/console/password", token).POST(BodyPublishers.noBody()).build()).body();
        var console = value(password, "address").replaceAll("/$", "");
        var cookie = signIn(console, value(password, "password"));
        var builds = builds(api, token);
        var worst = 0.0;
        for (var question : questions(console, cookie, api, token, builds)) {
            for (int i = 0; i < 10; i++) {
                send(question.request().get());
            }
            var millis = new double[times];
            long bytes = 0;
            for (int i = 0; i < times; i++) {
                var request = question.request().get();
                var start = System.nanoTime();
                var answer = send(request);
                millis[i] = (System.nanoTime() - start) / 1e6;
                bytes += answer.body().length();
            }
            Arrays.sort(millis);
            var p99 = millis[(int) Math.ceil(times * 0.99) - 1];
            worst = Math.max(worst, p99);
            System.out.printf(
                    "  %-44s %8.1f ms p50 %8.1f ms p99 %6d kB%s%n",
                    question.name(), millis[times / 2], p99, bytes / times / 1000, p99 > goalMillis ? "   over the goal" : "");
        }
        System.out.printf("  worst p99 is %.2f of the goal of %.0f ms%n", worst / goalMillis, goalMillis);
    }

    private List<Question> questions(String console, String cookie, String api, String token, List<String> builds)
            throws IOException, InterruptedException {
        var images = List.of("busybox", "debian-12", "debian-12-kiwi", "debian-12-reproducible", "debian-13");
        var recent = builds.subList(0, Math.min(WITH_FILES, builds.size()));
        var all = new ArrayList<Question>();
        page(all, console, cookie, "console: images", () -> "/");
        page(all, console, cookie, "console: an image", () -> "/images/" + any(images));
        page(all, console, cookie, "console: an image, builds somewhere", () -> "/images/" + any(images) + "?after=" + any(builds));
        var measured = measured(recent, api, token);
        page(all, console, cookie, "console: differences of two versions", () -> "/images/" + measured.getFirst() + "/differences?from="
                + any(measured.subList(1, measured.size())) + "&to=" + any(measured.subList(1, measured.size())));
        page(all, console, cookie, "console: a build, with its log", () -> "/builds/" + any(recent) + "?stage=build-image");
        page(all, console, cookie, "console: a build, of all ages", () -> "/builds/" + any(builds));
        page(all, console, cookie, "console: lines of a log", () -> log(recent) + "/lines?at=" + (1 + random.nextInt(200)));
        page(all, console, cookie, "console: hits in a log", () -> log(recent) + "/hits?find=" + any(List.of("busybox", "error", "image")));
        page(all, console, cookie, "console: new build", () -> "/new-build?image=" + any(images));
        for (var name : List.of("requests", "hosts", "regions", "schedules", "statistics", "audit", "settings")) {
            page(all, console, cookie, "console: " + name, () -> "/" + name);
        }
        page(all, console, cookie, "console: statistics of a year", () -> "/statistics?days=366");
        page(all, console, cookie, "metrics", () -> "/metrics");
        list(all, api, token, "API: images", () -> "/images");
        list(all, api, token, "API: builds", () -> "/builds");
        list(all, api, token, "API: builds of an image, somewhere", () -> "/builds?image=" + any(images) + cursor(builds));
        list(all, api, token, "API: failed builds, somewhere", () -> "/builds?state=FAILED" + cursor(builds));
        list(all, api, token, "API: a build", () -> "/builds/" + any(builds));
        list(all, api, token, "API: a build's log", () -> log(recent));
        list(all, api, token, "API: a build's artifacts", () -> "/builds/" + any(recent) + "/artifacts");
        list(all, api, token, "API: hosts", () -> "/hosts");
        list(all, api, token, "API: regions", () -> "/regions");
        list(all, api, token, "API: schedules", () -> "/schedules");
        list(all, api, token, "API: tokens", () -> "/tokens");
        list(all, api, token, "API: metrics", () -> "/metrics");
        list(all, api, token, "API: releases", () -> "/releases");
        list(all, api, token, "API: releases of an image", () -> "/releases?image=" + any(images));
        list(all, api, token, "API: requests", () -> "/requests");
        list(all, api, token, "API: statistics", () -> "/statistics");
        list(all, api, token, "API: audit", () -> "/audit");
        list(all, api, token, "API: status", () -> "/status");
        return all;
    }

    private String log(List<String> builds) {
        return "/builds/" + any(builds) + "/logs/build-image";
    }

    /** An image and the newest of its builds that have ended well. */
    private List<String> measured(List<String> recent, String api, String token) throws IOException, InterruptedException {
        var found = new ArrayList<String>();
        for (var build : recent) {
            var body = send(api(api + "/builds/" + build, token).GET().build()).body();
            if (value(body, "state").equals("SUCCEEDED") && (found.isEmpty() || value(body, "image").equals(found.getFirst()))) {
                if (found.isEmpty()) {
                    found.add(value(body, "image"));
                }
                found.add(build);
            }
            if (found.size() > 10) {
                break;
            }
        }
        return found;
    }

    /**
     * Follows the log of a build's seventh stage so many times until it ends. Its lines that begin with {@code at} say when they
     * were written, in milliseconds since 1970: how far behind each follower is, is the difference to when it has it.
     */
    private void follow(String build, int followers, double goalMillis) throws Exception {
        var announced = Files.readString(home.resolve("run/factory.json"));
        var address = URI.create(value(announced, "url") + "/api/v1/builds/" + build + "/logs/build-image/events");
        var token = value(announced, "token");
        var behind = new ConcurrentLinkedQueue<Long>();
        var lines = new AtomicLong();
        try (var each = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<?>>();
            for (int i = 0; i < followers; i++) {
                all.add(each.submit(() -> {
                    lines.addAndGet(follow(address, token, behind));
                    return null;
                }));
            }
            for (var one : all) {
                one.get();
            }
        }
        var sorted = behind.stream().mapToLong(Long::longValue).sorted().toArray();
        var worst = sorted[sorted.length - 1];
        System.out.printf(
                "  %d followers, %d lines each: behind by %d ms p50, %d ms p99, %d ms at most: %.2f of the goal of %.0f ms%n",
                followers, lines.get() / followers, sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)], worst, worst / goalMillis, goalMillis);
    }

    private static final Pattern WRITTEN = Pattern.compile("\\bat (\\d{13})");

    /** Over a socket of its own, as a browser has it. Returns how many lines came. */
    private static long follow(URI address, String token, Queue<Long> behind) throws IOException {
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write(("GET " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority() + "\r\nAuthorization: Bearer " + token
                                    + "\r\nAccept: text/event-stream\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1024);
            long since = 0; // what was written before the log was followed was never late
            long count = 0;
            for (var line = in.readLine(); line != null && !line.startsWith("event: end"); line = in.readLine()) {
                long now = System.currentTimeMillis();
                var written = WRITTEN.matcher(line);
                while (written.find()) {
                    count++;
                    var at = Long.parseLong(written.group(1));
                    if (since > 0 && at > since) {
                        behind.add(now - at);
                    }
                }
                since = since == 0 && line.startsWith("data: ") ? now : since;
            }
            return count;
        }
    }

    /** Some of all ages: read on from page to page, a thousand times at most. */
    private List<String> builds(String api, String token) throws IOException, InterruptedException {
        var ids = new ArrayList<String>();
        var next = api + "/builds?limit=100";
        for (int page = 0; page < 1000 && next != null; page++) {
            var answer = send(api(next, token).GET().build());
            Pattern.compile("\"id\" *: *\"([a-z0-9]{8})\"").matcher(answer.body()).results().map(found -> found.group(1)).forEach(ids::add);
            // As RFC 8288 has it, relative to what was asked for.
            next = answer.headers().firstValue("Link").map(link -> api + "/builds" + link.substring(link.indexOf('?'), link.indexOf('>'))).orElse(null);
        }
        System.out.printf("  %d builds were listed, page by page%n", ids.size());
        return ids;
    }

    private String cursor(List<String> builds) {
        return "&cursor=" + any(builds);
    }

    private static void page(List<Question> all, String console, String cookie, String name, Supplier<String> path) {
        all.add(new Question(name, () -> HttpRequest.newBuilder(URI.create(console + path.get())).header("Cookie", cookie).header("Accept", "text/html").build()));
    }

    private static void list(List<Question> all, String api, String token, String name, Supplier<String> path) {
        all.add(new Question(name, () -> api(api + path.get(), token).GET().build()));
    }

    private static HttpRequest.Builder api(String address, String token) {
        return HttpRequest.newBuilder(URI.create(address)).header("Authorization", "Bearer " + token);
    }

    private String signIn(String console, String password) throws IOException, InterruptedException {
        var form = "name=admin&password=" + URLEncoder.encode(password, StandardCharsets.UTF_8) + "&to=/";
        var answer = http.send(
                HttpRequest.newBuilder(URI.create(console + "/sign-in"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Origin", console)
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
        var set = answer.headers().firstValue("Set-Cookie").orElseThrow(() -> new IOException("nobody is signed in: " + answer.body()));
        return set.substring(0, set.indexOf(';'));
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(request.uri() + " answers " + answer.statusCode() + ": " + answer.body());
        }
        return answer;
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String value(String json, String name) {
        var found = Pattern.compile('"' + name + "\" *: *\"([^\"]*)\"").matcher(json);
        if (!found.find()) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return found.group(1);
    }
}
