package org.ifaas.sources;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** An archive of a few packages on a free port of loopback, signed with a key made for it. */
final class TinyArchive implements AutoCloseable {
    private final Path folder;
    private final Path gnupg;
    private final HttpServer server;
    final List<String> requests = new CopyOnWriteArrayList<>();

    TinyArchive(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder.resolve("www"));
        this.gnupg = Files.createDirectories(folder.resolve("gnupg"));
        Files.setPosixFilePermissions(gnupg, PosixFilePermissions.fromString("rwx------"));
        key("archive");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            requests.add(path);
            var file = this.folder.resolve(path.substring(1));
            if (path.startsWith("/moved/")) {
                exchange.getResponseHeaders().add("Location", path.substring("/moved".length()));
                exchange.sendResponseHeaders(302, -1);
            } else if (path.startsWith("/broken/")) {
                exchange.sendResponseHeaders(503, -1);
            } else if (path.startsWith("/loop/")) {
                exchange.getResponseHeaders().add("Location", path);
                exchange.sendResponseHeaders(302, -1);
            } else if (Files.isRegularFile(file)) {
                var content = Files.readAllBytes(file);
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/debian";
    }

    String url(String prefix) {
        return url().replace("/debian", "/" + prefix + "/debian");
    }

    Path onDisk() {
        return folder.resolve("debian");
    }

    /** A second key, which nobody trusts. */
    void key(String name) throws Exception {
        gpg("--quick-generate-key", name + "@example.org", "ed25519", "sign", "never");
    }

    Path keyring(String name) throws Exception {
        var keyring = gnupg.resolveSibling(name + ".gpg");
        Files.deleteIfExists(keyring);
        gpg("--output", keyring.toString(), "--export", name + "@example.org");
        return keyring;
    }

    /** @param suffix {@code .xz}, {@code .gz} or nothing */
    TinyArchive suite(String suite, String fields, String suffix, boolean byHash, Map<String, String> packages)
            throws Exception {
        var index = new StringBuilder();
        packages.forEach((name, version) -> index.append("Package: " + name + "\nArchitecture: amd64\nVersion: "
                + version + "\nDescription: " + "x".repeat(100) + "\n Version: 99\n\n"));
        var binary = onDisk().resolve("dists/" + suite + "/main/binary-amd64");
        Files.createDirectories(binary.resolve("by-hash/SHA256"));
        var content = compressed(index.toString().getBytes(UTF_8), suffix);
        var sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        Files.write(byHash ? binary.resolve("by-hash/SHA256/" + sha256) : binary.resolve("Packages" + suffix), content);
        release(
                suite,
                "Origin: Debian\nSuite: oldstable\nCodename: " + suite + "\n" + fields
                        + (byHash ? "Acquire-By-Hash: yes\n" : "")
                        + "MD5Sum:\n 00000000000000000000000000000000 1 main/binary-amd64/Packages" + suffix
                        + "\nSHA256:\n "
                        + sha256 + " " + content.length + " main/binary-amd64/Packages" + suffix + "\n",
                "archive");
        return this;
    }

    void release(String suite, String text, String... keys) throws Exception {
        var dists = Files.createDirectories(onDisk().resolve("dists/" + suite));
        var file = Files.writeString(dists.resolve("Release"), text);
        Files.deleteIfExists(dists.resolve("InRelease"));
        var arguments = new ArrayList<String>();
        for (var key : keys) {
            arguments.addAll(List.of("--local-user", key + "@example.org"));
        }
        arguments.addAll(List.of("--output", dists.resolve("InRelease").toString(), "--clear-sign", file.toString()));
        gpg(arguments.toArray(String[]::new));
    }

    Path file(String suite, String path) {
        return onDisk().resolve("dists/" + suite + "/" + path);
    }

    private static byte[] compressed(byte[] content, String suffix) throws IOException {
        var bytes = new ByteArrayOutputStream();
        switch (suffix) {
            case ".xz" -> {
                try (var out = new XZOutputStream(bytes, new LZMA2Options(1))) {
                    out.write(content);
                }
            }
            case ".gz" -> {
                try (var out = new GZIPOutputStream(bytes)) {
                    out.write(content);
                }
            }
            default -> bytes.writeBytes(content);
        }
        return bytes.toByteArray();
    }

    private void gpg(String... arguments) throws Exception {
        var argv = new ArrayList<>(List.of(
                "gpg",
                "--homedir",
                gnupg.toString(),
                "--batch",
                "--quiet",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                ""));
        argv.addAll(List.of(arguments));
        var output = new Program(argv, gnupg, Map.of(), Duration.ofMinutes(1), 1 << 20).run(new byte[0]);
        assertThat(output.exit()).as(output.error()).isZero();
    }

    @Override
    public void close() throws Exception {
        server.stop(0);
        new Program(
                        List.of("gpgconf", "--homedir", gnupg.toString(), "--kill", "all"),
                        gnupg,
                        Map.of(),
                        Duration.ofMinutes(1),
                        1 << 20)
                .run(new byte[0]);
    }
}
