package org.ifaas.server.console;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The style sheet, the scripts and the icon, held in memory; browsers keep them for as long as their version is in use. */
final class StaticFiles {
    private static final List<String> NAMES = List.of("console.css", "live.js", "log.js", "icon.svg");
    private static final Map<String, String> TYPES =
            Map.of("css", "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");

    private record Held(byte[] plain, byte[] gzip, String type) {}

    private final Map<String, Held> files = new TreeMap<>();
    private final String version;

    StaticFiles() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var name : NAMES) {
                var bytes = bytes(name);
                digest.update(bytes);
                files.put(
                        name,
                        new Held(
                                bytes,
                                Pages.gzip(bytes),
                                TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain")));
            }
            version = HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String name) {
        try (var in = StaticFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the console's file " + name + " is not packaged");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String version() {
        return version;
    }

    void send(Exchange exchange) {
        var file = files.get(exchange.name("name"));
        if (file == null) {
            throw Exchange.notFound("file", exchange.name("name"));
        }
        var response = exchange.response();
        response.header(HeaderNames.CONTENT_TYPE, file.type())
                .header(HeaderNames.VARY, "Accept-Encoding")
                .header(
                        HeaderNames.CACHE_CONTROL,
                        exchange.query("v").equals(version) ? "public, max-age=31536000, immutable" : "no-cache")
                .status(Status.OK_200);
        if (Pages.takesGzip(exchange.request())) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip").send(file.gzip());
        } else {
            response.send(file.plain());
        }
    }
}
