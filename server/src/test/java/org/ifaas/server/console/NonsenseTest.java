package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ifaas.server.api.OpenApiDocument.map;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ifaas.api.AuditVerdict;
import org.ifaas.api.BuildView;
import org.ifaas.api.ErrorView;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.text.Visible;
import org.ifaas.server.QueryNames;
import org.ifaas.server.api.OpenApiAnswers;
import org.ifaas.server.api.OpenApiDocument;
import org.ifaas.server.login.Role;
import org.ifaas.store.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every operation of openapi.yaml and every route of the console, asked with {@link Nonsense}: it is answered or refused, never
 * failed, and the factory works as before. {@code -Difaas.seed=N} asks something else, {@code -Difaas.rounds=N} asks more.
 */
@ExtendWith(TestServer.Running.class)
class NonsenseTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final long SEED = Long.getLong("ifaas.seed", 1);
    private static final int ROUNDS = Integer.getInteger("ifaas.rounds", 30);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final List<String> HEADERS = List.of(
            "If-None-Match",
            "If-Match",
            "Idempotency-Key",
            "Last-Event-ID",
            "Accept",
            "Accept-Encoding",
            "Content-Type",
            "Cookie",
            "Origin",
            "Sec-Fetch-Site",
            "X-Hub-Signature-256",
            "X-Gitlab-Token",
            "X-Forwarded-For",
            "Forwarded",
            "Range",
            "Authorization",
            "Content-Length",
            "Transfer-Encoding");

    /** What the console's forms have. */
    private static final Map<String, String> FORM = Map.ofEntries(
            Map.entry("image", "debian-12"),
            Map.entry("ref", "main"),
            Map.entry("regions", "region-a"),
            Map.entry("host", "qemu"),
            Map.entry("keepHost", "4h"),
            Map.entry("for", "4h"),
            Map.entry("runTests", "true"),
            Map.entry("force", "true"),
            Map.entry("requestPublication", "true"),
            Map.entry("copyTo", "anna@example.org"),
            Map.entry("serialSuffix", "rc1"),
            Map.entry("whole", "yes"),
            Map.entry("from", "build-image"),
            Map.entry("reason", "because"),
            Map.entry("decision", "confirm"),
            Map.entry("note", "seen"),
            Map.entry("evidence", "https://example.org/report"),
            Map.entry("name", "viewer"),
            Map.entry("password", "wrong"),
            Map.entry("to", "/requests"));

    /** Of the console's addresses, behind the question mark. */
    private static final Set<String> QUERY = QueryNames.readBy("console");

    private static ConsoleServer server;
    private static Map<String, List<String>> known;

    private final Nonsense nonsense = new Nonsense(SEED);
    private final Map<String, String> wrong = new TreeMap<>();

    @BeforeAll
    static void start() throws Exception {
        server = new ConsoleServer(new SettableClock(NOW));
        var succeeded = server.sample.succeeded("debian-12", NOW.minusSeconds(3600), 1, "base-files");
        var failed = server.sample.failed(
                "debian-12", NOW.minusSeconds(1800), StageName.BUILD_IMAGE, Blame.IMAGE, "no such package");
        var builds = List.of(succeeded.value(), failed.value());
        known = Map.ofEntries(
                Map.entry("id", builds),
                Map.entry("build", builds),
                Map.entry("other", builds),
                Map.entry("image", List.of("debian-12")),
                Map.entry("serial", List.of("latest")),
                Map.entry("stage", List.of("build-image", "initialize")),
                Map.entry("step", List.of("scan")),
                Map.entry("host", List.of("ifaas-abc123-" + succeeded.value())),
                Map.entry("name", List.of("console.css", "ci")),
                Map.entry("find", List.of("package", "Get")),
                Map.entry("at", List.of("1", "39")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** One operation or route. */
    private record Asked(
            String method,
            String path,
            Collection<String> query,
            @Nullable Collection<String> json,
            boolean api) {}

    private record Answer(int status, Map<String, String> headers, String body) implements OpenApiAnswers.Answer {
        @Override
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    @Test
    void whatever_is_asked_is_answered_or_refused_and_the_factory_goes_on() throws Exception {
        System.out.println("nonsense of seed " + SEED + ", " + ROUNDS + " rounds");
        // Signed in before: so many wrong passwords keep everybody out for a while.
        try (var viewer = server.signedIn(Role.VIEWER);
                var browser = server.signedIn(Role.ADMIN)) {
            var all = new ArrayList<>(operations());
            assertThat(all).hasSizeGreaterThan(35);
            all.addAll(routes());
            for (var asked : all) {
                for (int round = 0; round < ROUNDS; round++) {
                    ask(asked, browser.cookie());
                }
            }
            assertThat(wrong.values())
                    .as("seed %d: %d in all", SEED, wrong.size())
                    .isEmpty();
            itWorksAsBefore(viewer);
        }
    }

    private void itWorksAsBefore(Browser browser) throws Exception {
        assertThat(browser.get("/").body()).contains("debian-12");
        var succeeded = Objects.requireNonNull(known.get("id")).getFirst();
        assertThat(browser.get("/builds/" + succeeded).statusCode()).isEqualTo(200);
        var requested = honest("POST", "/api/v1/builds", "{\"image\":\"debian-12\"}");
        assertThat(requested.status()).as(requested.body()).isEqualTo(201);
        var build = JSON.readValue(requested.body(), BuildView.class).id();
        assertThat(honest("GET", "/api/v1/builds/" + build, "").body()).contains(build);
        assertThat(honest("POST", "/api/v1/builds/" + build + "/cancel", "").status())
                .isEqualTo(200);
        var audit = honest("GET", "/api/v1/audit/verify", "").body();
        assertThat(JSON.readValue(audit, AuditVerdict.class).whole()).as(audit).isTrue();
    }

    /** Otherwise whoever shares a connection with others, behind a proxy, could ask in their name. */
    @Test
    void a_body_that_nobody_reads_is_no_request() throws Exception {
        for (var path : List.of("/api/v1/builds/nothing/cancel", "/api/v1/nothing", "/nothing", "/sign-out")) {
            var hidden = "GET /static/icon.svg HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n"
                    .formatted(server.port());
            for (var connection : List.of("keep-alive", "close")) {
                var request = "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: %s\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(path, server.port(), connection, hidden.length(), hidden);
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    socket.setSoTimeout(20_000);
                    socket.getOutputStream().write(ascii(request));
                    socket.shutdownOutput();
                    var answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                    assertThat(answers.split("HTTP/1.1 ", -1))
                            .as("%s %s: %s", path, connection, answers)
                            .hasSize(2);
                }
            }
        }
    }

    private Answer honest(String method, String path, String body) throws IOException {
        return exchange(
                "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                        .formatted(method, path, server.port(), ConsoleServer.API_TOKEN, body.length(), body)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private void ask(Asked asked, String cookie) {
        var request = request(asked, cookie);
        String problem;
        try {
            // What leads out of the interface is the console's to answer, with a page.
            boolean page = !asked.path().startsWith("/api/") || target(request).contains("..");
            var answer = exchange(request);
            problem = problem(page, answer);
            if (problem == null) {
                problem = undescribed(request, answer);
            }
        } catch (IOException | RuntimeException e) {
            problem = e.toString();
        }
        if (problem != null) {
            var sent = new String(request, StandardCharsets.ISO_8859_1);
            wrong.putIfAbsent(
                    asked.method() + " " + asked.path() + " " + problem.substring(0, Math.min(24, problem.length())),
                    problem + "\n   asked: " + Visible.line(sent, 1500));
        }
    }

    /** Of an address that leads where it seems to. */
    private static @Nullable String undescribed(byte[] request, Answer answer) {
        var parts = new String(request, StandardCharsets.ISO_8859_1).split(" ", 3);
        var path = parts[1].replaceFirst("\\?.*", "");
        return path.matches("/api/v1(/[\\w.-]*[\\w-])+") ? OpenApiAnswers.problem(parts[0], path, answer) : null;
    }

    private static String target(byte[] request) {
        var sent = new String(request, StandardCharsets.ISO_8859_1);
        return sent.substring(0, sent.indexOf(" HTTP/1.1\r\n")).replaceAll("(?i)%2e", ".");
    }

    private byte[] request(Asked asked, String cookie) {
        var out = new ByteArrayOutputStream();
        write(
                out,
                nonsense.happens(95)
                        ? asked.method()
                        : nonsense.one(List.of("PUT", "HEAD", "OPTIONS", "TRACE", "get", "@")));
        write(out, " ");
        for (var segment : asked.path().substring(1).split("/", -1)) {
            write(out, "/");
            out.writeBytes(
                    segment.startsWith("{") ? value(segment.substring(1, segment.length() - 1)) : ascii(segment));
        }
        query(asked, out);
        write(out, " HTTP/1.1\r\nConnection: close\r\n");
        write(out, "Host: 127.0.0.1:" + server.port() + "\r\n");
        if (asked.api() && nonsense.happens(98)) {
            write(out, "Authorization: Bearer " + ConsoleServer.API_TOKEN + "\r\n");
        } else if (!asked.api()) {
            write(out, "Cookie: " + cookie + "\r\n");
            write(out, "Origin: http://127.0.0.1:" + server.port() + "\r\nSec-Fetch-Site: same-origin\r\n");
        }
        while (nonsense.happens(25)) {
            write(out, nonsense.one(HEADERS) + ": ");
            out.writeBytes(nonsense.inHeader());
            write(out, "\r\n");
        }
        var body = body(asked);
        if (body.length > 0 || nonsense.happens(50)) {
            write(out, "Content-Length: " + body.length + "\r\n");
        }
        write(out, "\r\n");
        out.writeBytes(body);
        return out.toByteArray();
    }

    private byte[] value(String name) {
        var honest = known.getOrDefault(name, List.of());
        return honest.isEmpty() || nonsense.happens(35)
                ? nonsense.inAddress(nonsense.bytes())
                : ascii(nonsense.one(honest));
    }

    private void query(Asked asked, ByteArrayOutputStream out) {
        var separator = "?";
        for (var name : asked.query()) {
            while (nonsense.happens(asked.api() ? 50 : 20)) {
                write(out, separator + name + "=");
                out.writeBytes(value(name));
                separator = "&";
            }
        }
        if (nonsense.happens(5)) {
            write(out, separator);
            out.writeBytes(nonsense.inAddress(nonsense.bytes()));
        }
    }

    private byte[] body(Asked asked) {
        if (asked.json() != null) {
            return nonsense.json(asked.json());
        }
        if (asked.method().equals("POST") && !asked.api()) {
            return nonsense.form(FORM);
        }
        return nonsense.happens(asked.method().equals("POST") ? 50 : 5) ? nonsense.bytes() : new byte[0];
    }

    /** What is wrong with an answer; null for one as it should be. */
    private static @Nullable String problem(boolean page, Answer answer) {
        int status = answer.status();
        var body = answer.body();
        if (status < 200 || status > 499) {
            return status + " " + Visible.line(body.replaceFirst("(?s).*<main", ""), 900);
        }
        if (status >= 400
                && List.of("\tat ", "\\tat ", "Exception", "java.", "org.ifaas", "jackson").stream()
                        .anyMatch(body::contains)) {
            return "tells of its inside: " + Visible.line(body, 500);
        }
        var type = answer.header("content-type");
        if (type.startsWith("text/html") && (body.contains("<script>alert") || body.contains("<img src=x"))) {
            return "has markup of the client's: " + Visible.line(body, 500);
        }
        var to = answer.header("location");
        if (to.startsWith("//") || !to.isEmpty() && !to.startsWith("/")) {
            return "leads elsewhere: " + to;
        }
        boolean json = type.equals("application/problem+json");
        if (status >= 400 && (json || !page) && !body.isEmpty()) {
            return json ? problem(status, body) : "is no problem+json: " + type;
        }
        return null;
    }

    private static @Nullable String problem(int status, String body) {
        ErrorView error;
        try {
            error = JSON.readValue(body, ErrorView.class);
        } catch (JacksonException e) {
            return "is no JSON: " + Visible.line(body, 2000);
        }
        boolean whole = error.status() == status
                && !error.title().isBlank()
                && !error.detail().isBlank()
                && !error.mend().isBlank()
                && error.field() != null
                && !error.field().isBlank();
        return whole && body.length() < 4_000 ? null : "says too little or too much: " + Visible.line(body, 500);
    }

    private Answer exchange(byte[] request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            return answer(socket.getInputStream());
        }
    }

    /** Of a stream that goes on only its beginning. */
    private static Answer answer(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (int c; head.indexOf("\r\n\r\n") < 0 && (c = in.read()) >= 0; ) {
            head.append((char) c);
        }
        var lines = head.toString().split("\r\n");
        if (!lines[0].matches("HTTP/1\\.1 [0-9]{3}.*")) {
            throw new IOException("no answer: “" + Visible.line(head.toString(), 200) + "”");
        }
        var headers = Arrays.stream(lines)
                .skip(1)
                .map(line -> line.split(": ?", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0].toLowerCase(Locale.ROOT), pair -> pair[1], (first, second) -> second));
        boolean stream = headers.getOrDefault("content-type", "").startsWith("text/event-stream");
        var body = stream ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(Integer.parseInt(lines[0].substring(9, 12)), headers, plain(headers, body));
    }

    /** Without the chunks' lengths. */
    private static String plain(Map<String, String> headers, String body) {
        return headers.containsKey("transfer-encoding") ? body.replaceAll("(?m)^[0-9a-fA-F]+\r\n|\r\n$", "") : body;
    }

    private static List<Asked> routes() {
        var last = List.of(Route.SIGN_IN, Route.SIGN_OUT);
        var routes = new ArrayList<>(List.of(Route.values()));
        routes.removeAll(last);
        routes.addAll(last);
        // A form may be filled from its address.
        var query = new TreeSet<>(QUERY);
        query.addAll(FORM.keySet());
        return routes.stream()
                .map(route -> new Asked(route.method(), route.path(), query, null, false))
                .toList();
    }

    private static List<Asked> operations() {
        var operations = new ArrayList<Asked>();
        var document = OpenApiDocument.read();
        map(document.get("paths"))
                .forEach((path, described) -> map(described).forEach((method, operation) -> {
                    if (METHODS.contains(method)) {
                        operations.add(operation(document, path, map(described), method, map(operation)));
                    }
                }));
        return operations;
    }

    private static Asked operation(
            Map<String, Object> document,
            String path,
            Map<String, Object> described,
            String method,
            Map<String, Object> operation) {
        var query = new ArrayList<String>();
        for (var parameter : (List<?>) operation.getOrDefault("parameters", List.of())) {
            var whole = resolved(document, map(parameter));
            if ("query".equals(whole.get("in"))) {
                query.add(String.valueOf(whole.get("name")));
            }
        }
        boolean atRoot = operation.containsKey("servers") || described.containsKey("servers");
        return new Asked(
                method.toUpperCase(Locale.ROOT),
                (atRoot ? "" : "/api/v1") + path,
                query,
                json(document, operation),
                true);
    }

    /** The fields of the JSON that it takes; null when it takes none. */
    private static @Nullable Collection<String> json(Map<String, Object> document, Map<String, Object> operation) {
        if (!(operation.get("requestBody") instanceof Map<?, ?> body)
                || !(map(map(body).get("content")).get("application/json") instanceof Map<?, ?> json)) {
            return null;
        }
        var schema = resolved(document, map(map(json).get("schema")));
        return map(schema.get("properties")).keySet();
    }

    private static Map<String, Object> resolved(Map<String, Object> document, Map<String, Object> thing) {
        var here = thing;
        while (here.get("$ref") instanceof String reference) {
            here = document;
            for (var name : reference.substring(2).split("/")) {
                here = map(here.get(name));
            }
        }
        return here;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(ascii(text));
    }
}
