package org.ifaas.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.ifaas.api.BuildRequest;
import org.ifaas.api.BuildView;
import org.ifaas.api.ErrorView;
import org.ifaas.api.StatusView;
import org.ifaas.cli.factory.Json;
import org.jspecify.annotations.Nullable;

/** Speaks the factory's REST contract; what becomes of builds is scripted. */
public final class FakeFactory implements AutoCloseable {
    public static final String TOKEN = "secret-of-the-test";

    private final HttpServer server;
    private final Path home;
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    private final List<String> found = new CopyOnWriteArrayList<>();

    private final List<String> lost = new CopyOnWriteArrayList<>();

    /** The keys of requests that had one, as they came. */
    public final List<String> keys = new CopyOnWriteArrayList<>();

    /** Method, address and body of each request but those for the status. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    /** The stages of one build's life, sent one by one; after {@code breakAfter} events the connection is cut once. */
    public static final class Script {
        private final List<BuildView> steps = new ArrayList<>();
        private int breakAfter = -1;
        private boolean taken;
        private int sent;

        public synchronized Script then(BuildView step) {
            steps.add(step);
            notifyAll();
            return this;
        }

        public Script breakAfter(int events) {
            breakAfter = events;
            return this;
        }

        private synchronized Optional<BuildView> step(int number) throws InterruptedException {
            if (number == breakAfter) {
                breakAfter = -1;
                return Optional.empty();
            }
            while (steps.size() <= number) {
                wait();
            }
            sent = number;
            return Optional.of(steps.get(number));
        }

        /** A new reader is told how things stand, not how they went. */
        private synchronized int now() {
            return sent;
        }

        private synchronized BuildView first() {
            return steps.getFirst();
        }

        private synchronized BuildView last() {
            return steps.getLast();
        }

        private synchronized boolean take(BuildRequest request) {
            boolean free = !taken && first().parameters().image().equals(request.image());
            taken |= free;
            return free;
        }
    }

    private record Refusal(int status, ErrorView view) {}

    public FakeFactory(Path home) throws IOException {
        this.home = home;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        isProcess(ProcessHandle.current().pid());
    }

    /** @param pid of the process that it says it is */
    public void isProcess(long pid) throws IOException {
        var file = Files.createDirectories(home.resolve("run")).resolve("factory.json");
        var ready = "{\"url\":\"http://127.0.0.1:%d\",\"token\":\"%s\",\"pid\":%d,\"version\":\"0\"}"
                .formatted(server.getAddress().getPort(), TOKEN, pid);
        var part = home.resolve("run/factory.json.part");
        Files.writeString(part, ready);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A build whose life begins with this. */
    public Script script(BuildView first) {
        var script = new Script().then(first);
        scripts.put(first.id(), script);
        return script;
    }

    /** @param request such as {@code GET /api/v1/images} */
    public FakeFactory answer(String request, Object body) {
        answers.put(request, body instanceof String text ? text : Json.write(body));
        return this;
    }

    /** The first such request is carried out, and nobody hears the answer. */
    public FakeFactory loseAnswer(String request) {
        lost.add(request);
        return this;
    }

    public FakeFactory refuse(
            String request, int status, String error, @Nullable String field, @Nullable String value, String mend) {
        refusals.put(request, new Refusal(status, new ErrorView("", status, error, field, value, mend, List.of())));
        return this;
    }

    public FakeFactory refuse(String request, int status, ErrorView.Wrong... errors) {
        var first = errors[0];
        refusals.put(
                request,
                new Refusal(
                        status,
                        new ErrorView(
                                "",
                                status,
                                first.detail(),
                                first.field(),
                                first.value(),
                                first.mend(),
                                List.of(errors))));
        return this;
    }

    public FakeFactory found(String sentence) {
        found.add(sentence);
        return this;
    }

    /** Gives what is being answered a second to be answered. */
    public void closeGently() {
        server.stop(1);
        close();
    }

    @Override
    public void close() {
        server.stop(0);
        try {
            Files.deleteIfExists(home.resolve("run/factory.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(
                        exchange,
                        401,
                        Json.write(new ErrorView("", 401, "the token is wrong", null, null, "", List.of())));
                return;
            }
            if (request.equals("GET /api/v1/status")) {
                send(exchange, 200, Json.write(new StatusView("0", home.toString(), "embedded", 1, 0, 2, found)));
                return;
            }
            requests.add(body.isEmpty() ? request : request + " " + body);
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Idempotency-Key"))
                    .ifPresent(keys::add);
            if (!lost.remove(request)) {
                answer(exchange, request, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, String request, String body) throws IOException, InterruptedException {
        var refusal = refusals.get(request);
        var answer = answers.get(request);
        var id = request.replaceFirst("^[A-Z]+ /api/v1/builds/?", "").replaceFirst("/.*", "");
        var script = scripts.get(id);
        if (refusal != null) {
            send(exchange, refusal.status(), Json.write(refusal.view()));
        } else if (answer != null) {
            send(exchange, 200, answer);
        } else if (request.equals("POST /api/v1/builds")) {
            begin(exchange, Json.read(body, BuildRequest.class));
        } else if (script == null) {
            send(
                    exchange,
                    404,
                    Json.write(new ErrorView("", 404, "there is no such thing", "id", id, "List them.", List.of())));
        } else if (request.endsWith("/events")) {
            events(exchange, script);
        } else {
            send(exchange, 200, Json.write(request.startsWith("GET") ? script.last() : script.first()));
        }
    }

    private void begin(HttpExchange exchange, BuildRequest request) throws IOException {
        var script =
                scripts.values().stream().filter(each -> each.take(request)).findFirst();
        if (script.isPresent()) {
            send(exchange, 201, Json.write(script.get().first()));
        } else {
            send(
                    exchange,
                    404,
                    Json.write(new ErrorView(
                            "",
                            404,
                            "no image definition has this name",
                            "image",
                            request.image(),
                            "See: ifaas images",
                            List.of())));
        }
    }

    private static void events(HttpExchange exchange, Script script) throws IOException, InterruptedException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var to = exchange.getResponseBody();
        to.write(": hello\n\n".getBytes(StandardCharsets.UTF_8));
        for (int number = script.now(); ; number++) {
            var step = script.step(number);
            if (step.isEmpty()) {
                return;
            }
            to.write(("data: " + Json.write(step.get()) + "\n\n").getBytes(StandardCharsets.UTF_8));
            to.flush();
            if (!step.get().state().equals("QUEUED") && !step.get().state().equals("RUNNING")) {
                return;
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
