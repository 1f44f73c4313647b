package org.ifaas.server.api;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /hooks/git}: a git server says that something was pushed. What it says is not believed, only that it knows the
 * secret; the factory then looks for itself.
 */
public final class HookRoutes implements HttpService {
    private static final Logger LOG = LoggerFactory.getLogger(HookRoutes.class);
    /** An HMAC over the body, of GitHub, Gitea and Forgejo. */
    private static final HeaderName SIGNATURE = HeaderNames.create("X-Hub-Signature-256");
    /** The secret itself, of GitLab. */
    private static final HeaderName TOKEN = HeaderNames.create("X-Gitlab-Token");

    private final @Nullable Path secretFile;
    private final Runnable fetch;

    /**
     * @param secretFile its first line is the secret; read for each request; null where nobody may say so
     * @param fetch returns at once
     */
    public HookRoutes(@Nullable Path secretFile, Runnable fetch) {
        this.secretFile = secretFile;
        this.fetch = fetch;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", this::pushed).any("/", Json.only("POST"));
    }

    private void pushed(ServerRequest request, ServerResponse response) {
        if (secretFile == null) {
            throw new Refusal(
                    404,
                    "the factory is told by nobody what was pushed",
                    "git.hook_secret_file",
                    null,
                    "Its operator sets it; until then the factory looks every now and then.");
        }
        var body = Body.bytes(request);
        var secret = secret(secretFile);
        var signature = request.headers().first(SIGNATURE).orElse("");
        var token = request.headers().first(TOKEN).orElse("");
        if (!same(signature, "sha256=" + hmac(secret, body)) && !same(token, secret)) {
            throw new Refusal(
                    401,
                    "the signature is missing or wrong",
                    (signature.isEmpty() && !token.isEmpty() ? TOKEN : SIGNATURE).defaultCase(),
                    null,
                    "Give the git server the first line of git.hook_secret_file as its webhook's secret.");
        }
        fetch.run();
        Json.send(response, 202, Map.of("accepted", true));
    }

    private static String secret(Path secretFile) {
        try (var lines = Files.lines(secretFile)) {
            var secret = lines.findFirst().orElse("").strip();
            if (!secret.isEmpty()) {
                return secret;
            }
            LOG.warn("git.hook_secret_file {} is empty", secretFile);
        } catch (IOException e) {
            LOG.warn("git.hook_secret_file {} can't be read: {}", secretFile, e.toString());
        }
        throw new Refusal(
                503, "the factory has no secret to check this with", null, null, "Its operator finds why in its log.");
    }

    private static String hmac(String secret, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean same(String given, String expected) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }
}
