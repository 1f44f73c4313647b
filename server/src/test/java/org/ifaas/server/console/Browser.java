package org.ifaas.server.console;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a browser does: keeps the cookie, says where a form comes from, and goes where it is sent only when it is told to. */
final class Browser implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String origin;
    private String cookie = "";

    Browser(int port) {
        this.origin = "http://127.0.0.1:" + port;
    }

    String cookie() {
        return cookie;
    }

    void holds(String other) {
        cookie = other;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET().header("Accept", "text/html").build());
    }

    /** The page without the key of its forms, which no other page has. */
    String said(String path) throws IOException, InterruptedException {
        return get(path).body().replaceAll("name=\"key\" value=\"[^\"]*\"", "");
    }

    /** @param fields names and values in turn */
    HttpResponse<String> post(String path, String... fields) throws IOException, InterruptedException {
        return send(form(path, fields)
                .header("Origin", origin)
                .header("Sec-Fetch-Site", "same-origin")
                .build());
    }

    HttpRequest.Builder form(String path, String... fields) {
        var pairs = new ArrayList<String>();
        for (int i = 0; i < fields.length; i += 2) {
            pairs.add(encoded(fields[i]) + "=" + encoded(fields[i + 1]));
        }
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("&", pairs)));
    }

    HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create(origin + path));
        return cookie.isEmpty() ? request : request.header("Cookie", cookie);
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofString());
        answer.headers().firstValue("Set-Cookie").ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
        return answer;
    }

    /** The first lines of a stream that goes on; the stream is given up then. */
    List<String> lines(HttpRequest request, int count) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofLines());
        try (var lines = answer.body()) {
            return lines.filter(line -> !line.isEmpty() && !line.startsWith(":"))
                    .limit(count)
                    .toList();
        }
    }

    /** Of a stream that may go on; the stream is given up at once. */
    int status(HttpRequest request) throws IOException, InterruptedException {
        var answer = http.send(request, BodyHandlers.ofInputStream());
        answer.body().close();
        return answer.statusCode();
    }

    void signIn(String name, String password) throws IOException, InterruptedException {
        var answer = post("/sign-in", "name", name, "password", password, "to", "/");
        if (answer.statusCode() != 303) {
            throw new AssertionError(name + " can't sign in: " + answer.statusCode() + " " + answer.body());
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
