package org.ifaas.cli.factory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.ifaas.api.ErrorView;
import org.jspecify.annotations.Nullable;

/**
 * The factory's REST interface. The JDK's older client is used because a command pays for loading it at each start, and
 * java.net.http costs four times as much.
 *
 * <p>An answer that isn't 2xx throws {@link Refused}; an {@link IOException} means that the factory went away.
 */
public final class Rest {
    static {
        // A POST whose answer got lost is sent again by us, or not at all.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private static final int CONNECT_MILLIS = 5_000;
    private static final String KEY = "Idempotency-Key";
    private static final int MOST_AGAIN = 3;
    private static final int PAUSE_MILLIS = 500;

    private final URI url;
    private final String token;

    public Rest(URI url, String token) {
        this.url = url;
        this.token = token;
    }

    public String get(Address address) throws IOException {
        return text(open("GET", address));
    }

    /** Like {@link #get(Address)}, but gives up when nothing comes for so long. */
    public String get(Address address, int millis) throws IOException {
        var connection = open("GET", address);
        connection.setConnectTimeout(Math.min(millis, CONNECT_MILLIS));
        connection.setReadTimeout(millis);
        return text(connection);
    }

    /** @param body a record of the interface; null for none */
    public String post(Address address, @Nullable Object body) throws IOException {
        var bytes = body == null ? new byte[0] : Json.write(body).getBytes(StandardCharsets.UTF_8);
        return once("POST", address, connection -> {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            try (var to = connection.getOutputStream()) {
                to.write(bytes);
            }
        });
    }

    /** @param file sent as it is */
    public String postFile(Address address, Path file) throws IOException {
        return once("POST", address, connection -> {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/octet-stream");
            connection.setFixedLengthStreamingMode(Files.size(file));
            try (var to = connection.getOutputStream()) {
                Files.copy(file, to);
            }
        });
    }

    public String delete(Address address) throws IOException {
        return once("DELETE", address, connection -> {});
    }

    private interface Body {
        void send(HttpURLConnection connection) throws IOException;
    }

    /** Where the answer is lost, asks again; by the key the factory knows that it is the same request, and carries it out once. */
    private String once(String method, Address address, Body body) throws IOException {
        var key = UUID.randomUUID().toString();
        IOException lost = null;
        for (int again = 0; ; again++) {
            try {
                var connection = open(method, address);
                connection.setRequestProperty(KEY, key);
                body.send(connection);
                return text(connection);
            } catch (ConnectException gone) {
                throw lost == null ? gone : lost;
            } catch (IOException e) {
                lost = e;
                if (again == MOST_AGAIN) {
                    throw e;
                }
            } catch (Refused e) {
                // What the lost request began may go on.
                if (lost == null || !e.isOf(KEY) || again == MOST_AGAIN) {
                    throw e;
                }
            }
            pause(lost);
        }
    }

    private static void pause(IOException lost) throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lost;
        }
    }

    public void download(Address address, OutputStream to) throws IOException {
        try (var from = body(open("GET", address))) {
            from.transferTo(to);
        }
    }

    /** Hands on the data of each server-sent event, until the factory ends the stream. */
    public void events(Address address, Consumer<String> event) throws IOException {
        var connection = open("GET", address);
        connection.setRequestProperty("Accept", "text/event-stream");
        try (var lines = new BufferedReader(new InputStreamReader(body(connection), StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    event.accept(line.substring(5).strip());
                }
            }
        }
    }

    private HttpURLConnection open(String method, Address address) throws IOException {
        var connection = (HttpURLConnection) url.resolve(address.text()).toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_MILLIS);
        // Whom a token is for is not for an answer to say.
        connection.setInstanceFollowRedirects(false);
        connection.setRequestProperty("Authorization", "Bearer " + token);
        return connection;
    }

    private static String text(HttpURLConnection connection) throws IOException {
        try (var body = body(connection)) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream body(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status / 100 == 2) {
            return connection.getInputStream();
        }
        try (var error = connection.getErrorStream()) {
            throw new Refused(
                    status,
                    view(status, error == null ? "" : new String(error.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }

    private static ErrorView view(int status, String body) {
        try {
            return Json.read(body, ErrorView.class);
        } catch (RuntimeException e) {
            return new ErrorView(
                    "",
                    status,
                    "the factory answered with HTTP status " + status,
                    null,
                    null,
                    "See its log, HOME/log/server.log.",
                    List.of());
        }
    }
}
