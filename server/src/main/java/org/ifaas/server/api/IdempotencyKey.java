package org.ifaas.server.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.function.Supplier;
import org.ifaas.factory.pipeline.Build;

/** What a client sends with a request so that it may send it again. */
final class IdempotencyKey {
    private static final HeaderName NAME = HeaderNames.create("Idempotency-Key");
    private static final int MOST = 200;

    private IdempotencyKey() {}

    /** Empty where none is sent. */
    static String of(ServerRequest request) {
        var key = request.headers().first(NAME).orElse("").strip();
        if (key.length() > MOST) {
            throw new Refusal(
                    400,
                    "has " + key.length() + " characters, more than " + MOST,
                    NAME.defaultCase(),
                    key,
                    "Send a shorter one, such as a UUID.");
        }
        return key;
    }

    /** @param build as the key names it; an IllegalArgumentException when the key was used for something else */
    static Build once(String key, Supplier<Build> build) {
        try {
            return build.get();
        } catch (IllegalArgumentException e) {
            throw usedForAnother(key, String.valueOf(e.getMessage()));
        }
    }

    static Refusal usedForAnother(String key, String why) {
        return new Refusal(
                422, why, NAME.defaultCase(), key, "Use a key for one request only, and a new one for another.");
    }

    static Refusal refused(String key, String why, String mend) {
        return new Refusal(409, why, NAME.defaultCase(), key, mend);
    }
}
