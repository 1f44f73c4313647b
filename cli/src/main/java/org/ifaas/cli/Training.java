package org.ifaas.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.ifaas.api.BuildRequest;
import org.ifaas.api.BuildView;
import org.ifaas.api.StageView;
import org.ifaas.api.StatusView;
import org.ifaas.cli.factory.Json;

/** What the AOT cache learns from: commands as users give them, answered by a few lines of HTTP on loopback. */
final class Training {
    private Training() {}

    static int run() throws IOException {
        var home = Files.createTempDirectory("ifaas-training");
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server));
            var file = Files.createDirectories(home.resolve("run")).resolve("factory.json");
            Files.writeString(
                    file,
                    "{\"url\":\"http://127.0.0.1:%d\",\"token\":\"t\",\"pid\":%d,\"version\":\"\"}"
                            .formatted(
                                    server.getLocalPort(),
                                    ProcessHandle.current().pid()));
            for (var live : List.of("", "12")) {
                Main.run(surroundings(live), "builds", "--home", home.toString());
                Main.run(surroundings(live), "show", "aaaaaaaa", "--home", home.toString());
                Main.run(surroundings(live), "show", "-f", "aaaaaaaa", "--home", home.toString());
            }
            Main.run(surroundings(""), "completion", "--", "show", "--home", home.toString(), "");
            Main.run(surroundings(""), "help");
            return Main.run(Surroundings.real(), "--version");
        } finally {
            remove(home);
        }
    }

    private static Surroundings surroundings(String terminals) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Surroundings(
                Map.of(),
                InputStream.nullInputStream(),
                nowhere,
                nowhere,
                Terminal.of(terminals, Map.of()),
                InstantSource.system(),
                ZoneOffset.UTC,
                new Hints("ifaas"),
                null,
                null,
                false);
    }

    private static void serve(ServerSocket server) {
        try {
            while (true) {
                try (var connection = server.accept()) {
                    answer(connection);
                }
            }
        } catch (IOException e) {
            // Closed: the training is over.
        }
    }

    private static void answer(Socket connection) throws IOException {
        var request = new StringBuilder();
        var in = connection.getInputStream();
        while (request.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            request.append((char) next);
        }
        var build = Json.write(build());
        var body = request.indexOf("/status") > 0
                ? Json.write(new StatusView("", "", "", 0, 0, 1, List.of()))
                : request.indexOf("/events") > 0
                        ? "data: " + build + "\n\n"
                        : request.indexOf("/builds/") > 0 ? build : "[" + build + "]";
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = "HTTP/1.1 200 OK\r\nContent-Length: " + bytes.length + "\r\nConnection: close\r\n\r\n";
        connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        connection.getOutputStream().write(bytes);
    }

    private static BuildView build() {
        var now = Instant.EPOCH;
        var parameters = new BuildRequest("debian", null, List.of(), null, null, null, null, null, null, null, null);
        var stages = List.of(
                new StageView(1, "initialize", "Initialize", "DONE", now, now, null, null, null, null),
                new StageView(7, "build-image", "Build image", "FAILED", now, now, "IMAGE", "message", "mend", "line"));
        return new BuildView(
                "aaaaaaaa",
                parameters,
                "training",
                "FAILED",
                1,
                now,
                now,
                now,
                "reason",
                null,
                null,
                stages,
                null,
                null,
                null,
                List.of(),
                List.of());
    }

    private static void remove(Path home) throws IOException {
        try (var files = Files.walk(home)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
