package org.ifaas.mail.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.ifaas.factory.notify.NotDelivered;
import org.ifaas.mail.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class WebhookTest {
    private record Heard(Headers headers, byte[] body) {}

    @TempDir
    Path folder;

    private final List<Heard> heard = new ArrayList<>();
    private HttpServer receiver;
    private int status = 204;

    @BeforeEach
    void listen() throws Exception {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            heard.add(new Heard(
                    exchange.getRequestHeaders(), exchange.getRequestBody().readAllBytes()));
            if (status / 100 == 3) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private Webhook webhook(String secret) throws Exception {
        var file = Files.writeString(folder.resolve("secret"), secret + "\n");
        var url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
        return new Webhook(WebhookTarget.of("ci", url, file.toString()), Duration.ofSeconds(20), () -> Samples.AT);
    }

    @Test
    void aProgramIsToldWithASignatureThatItCanCheck() throws Exception {
        webhook("shared").tell(Samples.failed());
        assertThat(heard).singleElement().satisfies(told -> {
            var id = told.headers().getFirst("webhook-id");
            var seconds = Long.parseLong(told.headers().getFirst("webhook-timestamp"));
            assertThat(id).isEqualTo("failed/b9v8qs38/1");
            assertThat(seconds).isEqualTo(Samples.AT.getEpochSecond());
            assertThat(told.headers().getFirst("webhook-signature"))
                    .isEqualTo(Signature.of("shared", id, seconds, told.body()));
        });
    }

    /** The example of the specification. */
    @Test
    void aSignatureIsThatOfStandardWebhooks() {
        var body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
        assertThat(Signature.of(
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assertThat(Signature.of(
                        Base64.getEncoder().encodeToString(new byte[] {1}),
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1614265330,
                        body))
                .isNotEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void theBodySaysWhatTheMailSaysAndNamesNobodysAddress() throws Exception {
        webhook("shared").tell(Samples.failed());
        var text = new String(heard.getFirst().body(), StandardCharsets.UTF_8);
        var json = JsonMapper.shared().readTree(text);
        assertThat(json.at("/type").asString()).isEqualTo("failed");
        assertThat(json.at("/data/failure/stage").asString()).isEqualTo("test-image");
        assertThat(json.at("/data/failure/blame").asString()).isEqualTo("IMAGE");
        assertThat(json.at("/data/failure/lastLines/1").asString()).isEqualTo("no kernel: ä");
        assertThat(text).doesNotContain("@example.org");
    }

    @Test
    void anAnswerThatIsNotGoodIsTriedLater() throws Exception {
        for (int answer : List.of(500, 404, 410)) {
            status = answer;
            assertThatThrownBy(() -> webhook("shared").tell(Samples.failed()))
                    .isInstanceOf(NotDelivered.class)
                    .hasMessageContaining("answers with " + answer);
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        status = 307;
        assertThatThrownBy(() -> webhook("shared").tell(Samples.failed())).isInstanceOf(NotDelivered.class);
        assertThat(heard).hasSize(1);
    }

    @Test
    void aReceiverThatIsAwayIsTriedLater() throws Exception {
        var webhook = webhook("shared");
        receiver.stop(0);
        assertThatThrownBy(() -> webhook.tell(Samples.failed()))
                .isInstanceOf(NotDelivered.class)
                .hasMessageContaining("can't be reached");
    }

    @Test
    void aSecretThatIsGoneOrEmptyOrNoBase64SendsNothing() throws Exception {
        for (var secret : List.of("", "whsec_?")) {
            assertThatThrownBy(() -> webhook(secret).tell(Samples.failed()))
                    .isInstanceOf(NotDelivered.class)
                    .hasMessageContaining(folder.resolve("secret").toString());
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void whatIsNoTargetIsRefusedWithTheReason() {
        assertThatThrownBy(() -> WebhookTarget.of("A b", "https://x.example", "/s"))
                .hasMessageContaining("its name");
        assertThatThrownBy(() -> WebhookTarget.of("a", "file:///etc/passwd", "/s"))
                .hasMessageContaining("its url");
        assertThatThrownBy(() -> WebhookTarget.of("a", "https://u:p@x.example/", "/s"))
                .hasMessageContaining("its url");
        assertThatThrownBy(() -> WebhookTarget.of("a", "https://x.example/", ""))
                .hasMessageContaining("secret_file");
    }
}
