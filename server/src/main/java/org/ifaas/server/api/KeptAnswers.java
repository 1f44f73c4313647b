package org.ifaas.server.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import org.ifaas.server.login.Account;
import org.ifaas.store.answer.Carried;
import org.ifaas.store.answer.PostgresAnswers;
import org.ifaas.store.answer.StoredAnswer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request with an {@code Idempotency-Key} is carried out once: sent again by the same sender it is answered as it was, also by
 * another node (draft-ietf-httpapi-idempotency-key-header). It takes effect from its entry in the {@link AuditOnce audit log} on,
 * and is not begun again after that, whatever has become of its node; before that, what was refused, or failed, is asked anew. What
 * a region's publisher reports is no decision and in no such log: told twice it says the same, and what is published stays so.
 */
public final class KeptAnswers implements Repeats {
    private static final Logger LOG = LoggerFactory.getLogger(KeptAnswers.class);

    private final PostgresAnswers answers;
    private final InstantSource clock;

    public KeptAnswers(PostgresAnswers answers, InstantSource clock) {
        this.answers = answers;
        this.clock = clock;
    }

    /** Those that nobody may ask for any more. */
    public void removeOver() {
        answers.remove(clock.instant());
    }

    @Override
    public void proceed(
            Operation operation, Account account, RoutingRequest request, RoutingResponse response, FilterChain chain) {
        var key = operation.keepsAnswer() ? IdempotencyKey.of(request) : "";
        if (key.isEmpty()) {
            chain.proceed();
            return;
        }
        var who = account.name();
        var asked = digest(request);
        switch (answers.begin(who, key, asked, clock.instant())) {
            case PostgresAnswers.Known known -> repeat(known, asked, key, response);
            case Carried carried -> {
                var said = new Said();
                response.streamFilter(said::beside);
                try {
                    AuditOnce.during(() -> requireOurs(carried, key), chain::proceed);
                } finally {
                    keep(operation, carried, said, response);
                }
            }
        }
    }

    private static void requireOurs(Carried carried, String key) {
        if (!carried.takesEffect()) {
            throw IdempotencyKey.refused(
                    key, "the request with this key was begun anew by another node", "Send it again in a moment.");
        }
    }

    /** Of what makes it this request; of a large file, its size and beginning. */
    private static String digest(RoutingRequest request) {
        var prologue = request.prologue();
        var head = String.join(
                "\n",
                prologue.method().text(),
                request.path().path(),
                request.query().rawValue(),
                "");
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(head.getBytes(StandardCharsets.UTF_8));
            var body = Body.beginning(request);
            digest.update(body);
            if (body.length > Body.MOST) {
                var size = request.headers().first(HeaderNames.CONTENT_LENGTH).orElse("");
                digest.update(size.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void repeat(PostgresAnswers.Known known, String asked, String key, RoutingResponse response) {
        if (!known.request().equals(asked)) {
            throw IdempotencyKey.usedForAnother(key, "the key was used for another request");
        }
        if (known.lost()) {
            throw IdempotencyKey.refused(
                    key,
                    "the request with this key has taken effect, and its answer is lost",
                    "See what came of it; ask for what is missing with a new key.");
        }
        var answer = known.answer();
        if (answer == null) {
            throw IdempotencyKey.refused(
                    key, "the request with this key is being carried out", "Send it again in a moment.");
        }
        var body = answer.body();
        if (body == null) {
            throw IdempotencyKey.refused(
                    key,
                    "the request with this key was carried out; its answer has a secret, which is shown once",
                    "If that answer was lost, revoke what it made, and ask for another with a new key.");
        }
        header(HeaderNames.CONTENT_TYPE, answer.type(), response);
        header(HeaderNames.LOCATION, answer.location(), response);
        response.status(Status.create(answer.status())).send(body.getBytes(StandardCharsets.UTF_8));
    }

    private static void header(HeaderName name, @Nullable String value, RoutingResponse response) {
        if (value != null) {
            response.header(name, value);
        }
    }

    /**
     * Whether or not the answer has arrived: that it has not is why somebody sends a request again. One that says to ask again says
     * nothing of what came of this.
     */
    private static void keep(Operation operation, Carried carried, Said said, RoutingResponse response) {
        try {
            var status = response.status();
            boolean good = status.family() == Status.Family.SUCCESSFUL;
            boolean over = good || carried.hasTakenEffect() && status.code() != Status.SERVICE_UNAVAILABLE_503.code();
            if (said.begun && over) {
                var headers = response.headers();
                carried.end(new StoredAnswer(
                        status.code(),
                        headers.first(HeaderNames.CONTENT_TYPE).orElse(null),
                        headers.first(HeaderNames.LOCATION).orElse(null),
                        good && operation.answersSecret() ? null : said.bytes.toString(StandardCharsets.UTF_8)));
            } else if (!carried.hasTakenEffect()) {
                carried.forget();
            }
        } catch (RuntimeException e) {
            LOG.warn("the answer to a request with a key is not kept: {}", e.getMessage());
        }
    }

    /** What is sent, as it is sent. */
    private static final class Said {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean begun;

        OutputStream beside(OutputStream out) {
            return new FilterOutputStream(out) {
                @Override
                public void write(byte[] more, int offset, int length) throws IOException {
                    begun = true;
                    bytes.write(more, offset, length);
                    out.write(more, offset, length);
                }

                @Override
                public void write(int one) throws IOException {
                    begun = true;
                    bytes.write(one);
                    out.write(one);
                }
            };
        }
    }
}
