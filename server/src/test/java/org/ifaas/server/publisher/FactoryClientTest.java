package org.ifaas.server.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.ifaas.factory.publish.ApprovedReleases.Unreachable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a factory is reached, and what of that is refused. */
class FactoryClientTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    Path folder;

    private final List<String> asked = new ArrayList<>();

    /** A key with a certificate of its own, in PEM beside the key store. */
    private KeyStore key(String name) throws Exception {
        var file = folder.resolve(name + ".p12");
        var made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/keytool").toString(),
                        "-genkeypair",
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-alias",
                        "own",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=ip:127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(made.waitFor()).isZero();
        var store = KeyStore.getInstance(file.toFile(), PASSWORD);
        pem(name + ".crt", "CERTIFICATE", store.getCertificate("own").getEncoded());
        pem(name + ".key", "PRIVATE KEY", store.getKey("own", PASSWORD).getEncoded());
        return store;
    }

    private void pem(String file, String kind, byte[] content) throws IOException {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(
                folder.resolve(file), "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind));
    }

    /** Answers that nothing waits, to whoever shows the certificate that it trusts. */
    private HttpsServer server(KeyStore own, KeyStore trusted) throws Exception {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        var certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("client", trusted.getCertificate("own"));
        trust.init(certificates);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                var wanted = context.getDefaultSSLParameters();
                wanted.setNeedClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        answer(server, 200, "[]");
        return server;
    }

    private void answer(HttpServer server, int status, String body) {
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
            exchange.sendResponseHeaders(status, 0);
            try (var out = exchange.getResponseBody()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
    }

    private FactoryClient client(String url, @Nullable String authority, @Nullable String own) throws IOException {
        return new FactoryClient(
                "my cloud.eu",
                new FactoryAddress(
                        URI.create(url),
                        authority == null ? null : folder.resolve(authority),
                        own == null ? null : folder.resolve(own + ".crt"),
                        own == null ? null : folder.resolve(own + ".key"),
                        Files.writeString(folder.resolve("token"), "ifaas_x\n"),
                        Duration.ofSeconds(20)));
    }

    @Test
    void itTrustsTheConfiguredAuthorityAloneAndShowsItsOwnCertificate() throws Exception {
        var factory = key("factory");
        var publisher = key("publisher");
        key("other");
        var server = server(factory, publisher);
        var url = "https://127.0.0.1:" + server.getAddress().getPort();
        try (var good = client(url, "factory.crt", "publisher");
                var forged = client(url, "other.crt", "publisher");
                var elsewhere = client(url.replace("127.0.0.1", "localhost"), "factory.crt", "publisher");
                var jdks = client(url, null, null);
                var nobody = client(url, "factory.crt", null);
                var somebody = client(url, "factory.crt", "other")) {
            assertThat(good.waiting()).isEmpty();
            assertThat(asked).containsExactly("GET /api/v1/publications?region=my+cloud.eu Bearer ifaas_x");
            for (var refused : List.of(forged, elsewhere, jdks, nobody, somebody)) {
                assertThatThrownBy(refused::waiting)
                        .isInstanceOf(Unreachable.class)
                        .hasMessageContaining("does not answer");
            }
            assertThat(asked).hasSize(1);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void certificatesThatCannotBeUsedAreNamed() throws Exception {
        Files.writeString(folder.resolve("bad.crt"), "hello");
        assertThatThrownBy(() -> client("https://127.0.0.1:1", "bad.crt", null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.crt holds no certificates in PEM");
        key("own");
        Files.writeString(folder.resolve("own.key"), "hello");
        assertThatThrownBy(() -> client("https://127.0.0.1:1", "own.crt", "own"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("own.key holds no private key");
    }

    @Test
    void whatIsNoFactoryIsToldAndNoRedirectIsFollowed() throws Exception {
        var broken = List.of("<html>hello</html>", "[{}]", "[{\"request\":{\"build\":\"../x\"}}]", "null", "{}");
        for (var body : broken) {
            assertUnreachable(200, body);
        }
        for (var status : List.of(302, 500)) {
            assertUnreachable(status, "<html>hello</html>");
        }
    }

    private void assertUnreachable(int status, String body) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer(server, status, body);
        try (var client = client("http://127.0.0.1:" + server.getAddress().getPort(), null, null)) {
            assertThatThrownBy(client::waiting)
                    .isInstanceOf(Unreachable.class)
                    .hasMessageContaining(status == 200 ? "answers what is no publication" : "answers " + status);
        } finally {
            server.stop(0);
        }
    }
}
