package org.ifaas.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.http.HttpService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Of a server that takes large files somewhere. */
class BodyTest {
    private static final int LARGE = 3 << 20;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Api api;

    @BeforeAll
    static void start() {
        HttpService held =
                rules -> rules.post("/", (request, response) -> response.send("" + Body.bytes(request).length));
        HttpService streamed = rules -> rules.post("/", (request, response) -> {
            long beginning = Body.beginning(request).length;
            response.send(beginning + " of " + Body.stream(request).readAllBytes().length);
        });
        api = Api.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Callers.local("token", "anna"),
                new Reach(build -> Optional.empty(), host -> Optional.empty(), image -> image),
                Repeats.NOT_KNOWN,
                Map.of(),
                Map.of("/held", held, "/streamed", streamed),
                (request, response) -> {},
                LARGE);
    }

    @AfterAll
    static void stop() {
        api.close();
        CLIENT.close();
    }

    private static HttpResponse<String> post(String path, BodyPublisher body) throws Exception {
        var address = URI.create("http://127.0.0.1:" + api.port() + path);
        return CLIENT.send(HttpRequest.newBuilder(address).POST(body).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static BodyPublisher measured(int size) {
        return BodyPublishers.ofByteArray(new byte[size]);
    }

    private static BodyPublisher chunked(int size) {
        return BodyPublishers.fromPublisher(measured(size));
    }

    @Test
    void what_is_held_in_memory_is_never_large() throws Exception {
        assertThat(post("/held", BodyPublishers.noBody()).body()).isEqualTo("0");
        assertThat(post("/held", measured(Body.MOST)).body()).isEqualTo("" + Body.MOST);
        for (var tooLarge : new BodyPublisher[] {measured(Body.MOST + 1), measured(LARGE), chunked(LARGE)}) {
            var refused = post("/held", tooLarge);
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(refused.body()).contains("is larger than 1024 KiB");
        }
    }

    @Test
    void what_is_streamed_is_whole_whoever_has_looked_at_its_beginning() throws Exception {
        assertThat(post("/streamed", measured(5)).body()).isEqualTo("5 of 5");
        assertThat(post("/streamed", measured(LARGE)).body()).isEqualTo(Body.MOST + 1 + " of " + LARGE);
        assertThat(post("/streamed", chunked(LARGE)).body()).isEqualTo(Body.MOST + 1 + " of " + LARGE);
    }
}
