package org.ifaas.openstack.client;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.ifaas.openstack.cloud.Cloud;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends requests, and sends again what a service could not take, as far as that is safe. */
final class Transport {
    private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

    /** Methods that may be repeated although the first may have had its effect. */
    private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "DELETE");

    private static final BodyHandler<byte[]> BODY = BodyHandlers.limiting(BodyHandlers.ofByteArray(), 64L << 20);
    private static final int ERROR_BYTES = 1 << 16;
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Cloud cloud;
    private final ClientPolicy policy;
    private final InstantSource clock;
    private final Pause pause;
    private final HttpClient http;

    /**
     * @param service for errors: its type and region
     * @param path for errors
     * @param body null for none
     */
    record Call(
            String service, String method, URI uri, String path, Map<String, String> headers, byte @Nullable [] body) {}

    Transport(Cloud cloud, ClientPolicy policy, InstantSource clock, Pause pause) throws IOException {
        this.cloud = cloud;
        this.policy = policy;
        this.clock = clock;
        this.pause = pause;
        // Redirects are not followed: the token is for the catalogue's endpoints alone.
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(policy.connect())
                .sslContext(Tls.context(cloud))
                .executor(Executors.newThreadPerTaskExecutor(Thread.ofVirtual()
                        .name("cloud-" + cloud.name() + "-", 0)
                        .factory()))
                .build();
    }

    /** @return any answer but those that say to come again, good or not */
    Answer send(Call call) throws CloudFailure, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Duration wait = policy.pause().multipliedBy(1L << Math.min(attempt - 1, 20));
            String why;
            try {
                var answer = once(call);
                if (!again(call.method(), answer.status()) || attempt >= policy.attempts()) {
                    return answer;
                }
                var asked = asked(answer);
                if (asked != null && asked.compareTo(policy.longestPause()) > 0) {
                    return answer;
                }
                wait = asked == null ? wait : asked;
                why = answer.status() + " " + answer.reason();
            } catch (IOException e) {
                boolean never = e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
                boolean useless = e instanceof SSLHandshakeException;
                if (attempt >= policy.attempts() || useless || !(never || REPEATABLE.contains(call.method()))) {
                    throw noAnswer(call, e);
                }
                why = words(e);
            }
            wait = bounded(wait);
            LOG.info(
                    "cloud {}, {}: {} {}: {}; again in {} s",
                    cloud.name(),
                    call.service(),
                    call.method(),
                    call.path(),
                    why,
                    wait.toMillis() / 1000.0);
            pause.of(wait);
        }
    }

    private static boolean again(String method, int status) {
        return switch (status) {
            case 429, 503 -> true;
            case 500, 502, 504 -> REPEATABLE.contains(method);
            default -> false;
        };
    }

    /** After which the service wants to be asked again, or the longest pause; null where it does not say. */
    @Nullable
    Duration retryAfter(Answer answer) {
        var asked = asked(answer);
        return asked == null ? null : bounded(asked);
    }

    private Duration bounded(Duration wait) {
        return wait.compareTo(policy.longestPause()) > 0 ? policy.longestPause() : wait;
    }

    private @Nullable Duration asked(Answer answer) {
        return answer.retryAfter().map(this::after).orElse(null);
    }

    private Duration after(String header) {
        try {
            if (header.strip().matches("[0-9]{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(header.strip()));
            }
            Instant then = ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            var wait = Duration.between(clock.instant(), then);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException e) {
            return policy.pause();
        }
    }

    private Answer once(Call call) throws IOException, InterruptedException {
        var body = call.body();
        var request = request(call)
                .timeout(policy.answer())
                .method(call.method(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .build();
        var response = http.send(request, BODY);
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    private static HttpRequest.Builder request(Call call) {
        var request = HttpRequest.newBuilder(call.uri());
        call.headers().forEach(request::header);
        return request;
    }

    /** Sends once; the time it may take is bound by its progress, not by its size. */
    Answer upload(Call call, FileBody body) throws CloudFailure, InterruptedException {
        var request = request(call).method(call.method(), body).build();
        var answer = http.sendAsync(request, BODY);
        long seen = -1;
        long still = 0;
        try {
            while (true) {
                try {
                    var response = answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    return new Answer(response.statusCode(), response.headers(), response.body());
                } catch (TimeoutException e) {
                    still = body.sent() == seen ? still + 1 : 0;
                    seen = body.sent();
                    var most = seen == body.contentLength() ? policy.answer().plus(policy.stall()) : policy.stall();
                    if (still * LOOK.toMillis() >= most.toMillis()) {
                        throw noAnswer(
                                call,
                                new IOException("nothing moved for " + most.toSeconds() + " s after " + seen + " of "
                                        + body.contentLength() + " bytes"));
                    }
                }
            }
        } catch (ExecutionException e) {
            throw noAnswer(call, e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    /** Sends once, and hands a good answer's body on; the time it may take is bound by its progress. */
    Answer download(Call call, OutputStream to) throws CloudFailure, InterruptedException {
        var request = request(call).timeout(policy.answer()).GET().build();
        try {
            var response = http.send(request, BodyHandlers.ofInputStream());
            try (var body = response.body();
                    var watch = new StallWatch(body, policy.stall())) {
                if (response.statusCode() / 100 != 2) {
                    return new Answer(response.statusCode(), response.headers(), body.readNBytes(ERROR_BYTES));
                }
                var buffer = new byte[1 << 16];
                for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                    to.write(buffer, 0, read);
                    watch.moved(read);
                }
                watch.check();
            }
            return new Answer(response.statusCode(), response.headers(), new byte[0]);
        } catch (IOException e) {
            throw noAnswer(call, e);
        }
    }

    private CloudFailure noAnswer(Call call, IOException e) {
        return new CloudFailure(
                cloud.name(), call.service(), call.method(), call.path(), 0, "no answer: " + words(e), null, null, e);
    }

    private static String words(IOException e) {
        return switch (e) {
            case HttpConnectTimeoutException _ -> "it does not accept connections in time";
            case SSLHandshakeException _ -> "its certificate is not trusted: " + e.getMessage();
            case ConnectException _ -> "nothing listens there (" + e.getClass().getSimpleName() + ")";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
