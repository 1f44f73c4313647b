package org.ifaas.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Stands before a real service and answers some requests in its place, loses the answers to others, or sends them twice; all
 * others reach it, and its answers come back.
 */
final class FaultProxy implements AutoCloseable {
    /** What a proxy does not hand on, or the client sets by itself. */
    private static final Set<String> OWN =
            Set.of("host", "connection", "content-length", "expect", "upgrade", "http2-settings", "transfer-encoding");

    private final HttpServer here;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI there;
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private volatile String token = "";
    private final List<String> met = new CopyOnWriteArrayList<>();

    private enum Way {
        REFUSE,
        LOSE_ANSWER,
        SEND_TWICE
    }

    /** @param left how often still */
    private record Fault(Pattern request, Way way, int status, Map<String, String> headers, int[] left) {
        synchronized boolean meets(String line) {
            return request.matcher(line).matches() && left[0]-- > 0;
        }
    }

    FaultProxy(URI there) throws IOException {
        this.there = there;
        here = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        here.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        here.createContext("/", this::handle);
        here.start();
    }

    /** The service's address by this proxy. */
    URI address() {
        return URI.create("http://127.0.0.1:" + here.getAddress().getPort() + there.getPath());
    }

    /** The next so many requests whose method and path match are answered so, and do not reach the service. */
    void answer(String request, int times, int status, Map<String, String> headers) {
        faults.add(new Fault(Pattern.compile(request), Way.REFUSE, status, headers, new int[] {times}));
    }

    /** The next one is done, and the connection ends without an answer. */
    void loseAnswer(String request) {
        faults.add(new Fault(Pattern.compile(request), Way.LOSE_ANSWER, 0, Map.of(), new int[] {1}));
    }

    /** The next one is done twice, as by a balancer that tries again; the second answer comes back. */
    void sendTwice(String request) {
        faults.add(new Fault(Pattern.compile(request), Way.SEND_TWICE, 0, Map.of(), new int[] {1}));
    }

    /** The token that Keystone has given last. */
    String token() {
        return token;
    }

    /** The requests that met a fault. */
    List<String> met() {
        return List.copyOf(met);
    }

    void well() {
        faults.clear();
        met.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var line =
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
            for (var fault : faults) {
                if (fault.meets(line)) {
                    met.add(line);
                    meet(exchange, fault);
                    return;
                }
            }
            answer(exchange, sent(exchange, exchange.getRequestBody().readAllBytes()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void meet(HttpExchange exchange, Fault fault) throws IOException, InterruptedException {
        var body = exchange.getRequestBody().readAllBytes();
        switch (fault.way()) {
            case REFUSE -> refuse(exchange, fault);
            case LOSE_ANSWER -> sent(exchange, body);
            case SEND_TWICE -> {
                sent(exchange, body);
                answer(exchange, sent(exchange, body));
            }
        }
    }

    /** As most of OpenStack's services put it. */
    private static void refuse(HttpExchange exchange, Fault fault) throws IOException {
        var body = "{\"error\": {\"code\": %d, \"message\": \"forced by a test\"}}".formatted(fault.status());
        fault.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("x-openstack-request-id", "req-forced");
        send(exchange, fault.status(), body.getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<byte[]> sent(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        var uri = exchange.getRequestURI();
        var target = URI.create("http://" + there.getAuthority() + uri.getRawPath()
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
        var request = HttpRequest.newBuilder(target)
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        answer.headers().map().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
            }
        });
        answer.headers().firstValue("x-subject-token").ifPresent(given -> token = given);
        send(exchange, answer.statusCode(), answer.body());
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        here.stop(0);
        client.close();
    }
}
