package org.ifaas.server.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ifaas.store.login.PostgresSessions;
import org.ifaas.store.login.StoredSession;

/** Who is signed in. A browser holds 256 random bits; the database holds their digest. */
public final class Sessions {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** How exactly it is known when a session was used last: a write a minute, not one a request. */
    private static final int STEPS = 60;

    private final PostgresSessions sessions;
    private final LoginPolicy policy;
    private final InstantSource clock;

    public Sessions(PostgresSessions sessions, LoginPolicy policy, InstantSource clock) {
        this.sessions = sessions;
        this.policy = policy;
        this.clock = clock;
    }

    /** What the browser is to hold. */
    public String begin(Account account) {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var now = clock.instant();
        var roles = account.roles().stream().map(Role::name).sorted().toList();
        sessions.begin(new StoredSession(digest(secret), account.name(), roles, now, now));
        return secret;
    }

    public Optional<Account> find(String secret) {
        var now = clock.instant();
        var session = sessions.find(digest(secret), now.minus(policy.longest()), now.minus(policy.idle()));
        session.filter(found -> Duration.between(found.used(), now)
                                .compareTo(policy.idle().dividedBy(STEPS))
                        > 0)
                .ifPresent(found -> sessions.use(found.digest(), now));
        return session.map(found -> new Account(
                found.account(), found.roles().stream().map(Role::valueOf).collect(Collectors.toSet())));
    }

    public void end(String secret) {
        sessions.end(digest(secret));
    }

    /** A chore. */
    public void removeExpired() {
        var now = clock.instant();
        sessions.removeExpired(now.minus(policy.longest()), now.minus(policy.idle()));
    }

    public int count() {
        var now = clock.instant();
        return sessions.count(now.minus(policy.longest()), now.minus(policy.idle()));
    }

    private static String digest(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
