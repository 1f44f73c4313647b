package org.ifaas.sources;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A git server for https on a free port of loopback: git's own CGI program behind a certificate that nobody else knows. */
final class GitOverHttps implements AutoCloseable {
    private static final String PASSWORD = "changeit";

    /** What came: method, address and the login. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    private final Path projects;
    private final HttpsServer server;
    volatile @Nullable String login;
    volatile @Nullable String leadsTo;

    GitOverHttps(Path projects, Path keys) throws Exception {
        this.projects = projects;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** Makes {@code server.p12} and {@code ca.pem} in the folder. */
    static Path keys(Path folder) throws Exception {
        var store = folder.resolve("server.p12").toString();
        keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-validity",
                "9",
                "-ext",
                "san=dns:localhost",
                "-keystore",
                store,
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "server",
                "-file",
                folder.resolve("ca.pem").toString(),
                "-keystore",
                store,
                "-storepass",
                PASSWORD);
        return folder;
    }

    private static void keytool(String... arguments) throws Exception {
        var words = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool"));
        words.addAll(List.of(arguments));
        var program = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (program.waitFor() != 0) {
            throw new IOException(words + " failed");
        }
    }

    private static SSLContext context(Path keys) throws Exception {
        var store = KeyStore.getInstance(keys.resolve("server.p12").toFile(), PASSWORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    String url(String repository) {
        return "https://localhost:" + server.getAddress().getPort() + "/" + repository;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var authorization =
                    Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + authorization);
            if (leadsTo != null) {
                exchange.getResponseHeaders().set("Location", leadsTo + exchange.getRequestURI());
                exchange.sendResponseHeaders(302, -1);
            } else if (login != null && !authorization.equals("Basic " + encoded(login))) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
            } else {
                run(exchange);
            }
        }
    }

    private static String encoded(String login) {
        return Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private void run(HttpExchange exchange) throws IOException {
        var cgi = new ProcessBuilder("git", "-c", "safe.directory=*", "http-backend")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        var environment = cgi.environment();
        environment.put("GIT_PROJECT_ROOT", projects.toString());
        environment.put("GIT_HTTP_EXPORT_ALL", "1");
        environment.put("PATH_INFO", exchange.getRequestURI().getPath());
        environment.put(
                "QUERY_STRING",
                Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), ""));
        environment.put("REQUEST_METHOD", exchange.getRequestMethod());
        for (var name : List.of("Content-Type", "Content-Encoding", "Git-Protocol")) {
            var value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                environment.put(
                        (name.equals("Content-Type") ? "" : "HTTP_")
                                + name.toUpperCase(Locale.ROOT).replace('-', '_'),
                        value);
            }
        }
        var process = cgi.start();
        try (var in = process.getOutputStream()) {
            in.write(exchange.getRequestBody().readAllBytes());
        }
        var said = process.getInputStream().readAllBytes();
        var text = new String(said, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        int status = 200;
        for (var line : text.substring(0, end).split("\r\n")) {
            var pair = line.split(": ", 2);
            if (pair[0].equals("Status")) {
                status = Integer.parseInt(pair[1].substring(0, 3));
            } else {
                exchange.getResponseHeaders().set(pair[0], pair[1]);
            }
        }
        exchange.sendResponseHeaders(status, said.length - end - 4L == 0 ? -1 : said.length - end - 4L);
        exchange.getResponseBody().write(said, end + 4, said.length - end - 4);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    static Path token(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }
}
