package org.ifaas.mail.webhook;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import org.ifaas.factory.notify.Channel;
import org.ifaas.factory.notify.NotDelivered;
import org.ifaas.factory.notify.Notice;

/** Tells a program by a POST that is signed and dated. No redirect is followed. */
public final class Webhook implements Channel {
    private final WebhookTarget target;
    private final Duration patience;
    private final InstantSource clock;

    /** @param patience the most that connecting, and the answer, may take */
    public Webhook(WebhookTarget target, Duration patience, InstantSource clock) {
        this.target = target;
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "webhook-" + target.name();
    }

    @Override
    public void tell(Notice notice) throws NotDelivered, InterruptedException {
        var body = Body.of(notice);
        var id = notice.event().key();
        long seconds = clock.instant().getEpochSecond();
        var request = HttpRequest.newBuilder(target.url())
                .timeout(patience)
                .header("Content-Type", "application/json")
                .header("User-Agent", "ifaas")
                .header("webhook-id", id)
                .header("webhook-timestamp", Long.toString(seconds))
                .header("webhook-signature", signature(id, seconds, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        int status = status(request);
        if (status / 100 != 2) {
            throw new NotDelivered("the webhook " + target.name() + " at " + target.url() + " answers with " + status);
        }
    }

    /** Only the status is read: a body may be endless. */
    private int status(HttpRequest request) throws NotDelivered, InterruptedException {
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience)
                .build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            response.body().close();
            return response.statusCode();
        } catch (IOException e) {
            throw new NotDelivered(
                    "the webhook " + target.name() + " at " + target.url() + " can't be reached: " + e, e);
        } finally {
            client.shutdownNow();
        }
    }

    private String signature(String id, long seconds, byte[] body) throws NotDelivered {
        var file = target.secretFile();
        try (var lines = Files.lines(file)) {
            return Signature.of(lines.findFirst().orElse("").strip(), id, seconds, body);
        } catch (IOException | IllegalArgumentException e) {
            throw new NotDelivered(
                    "the secret of the webhook " + target.name() + " can't be read from " + file + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
