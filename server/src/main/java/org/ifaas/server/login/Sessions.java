package org.ifaas.server.login;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ifaas.factory.signing.Sha256;
import org.ifaas.store.login.PostgresSessions;
import org.ifaas.store.login.StoredSession;

/** Who is signed in. A browser holds 256 random bits; the database holds their digest. */
public final class Sessions {
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
        var secret = Secret.random();
        var now = clock.instant();
        var roles = account.grants().stream().map(Grant::text).sorted().toList();
        sessions.begin(new StoredSession(
                Sha256.of(secret), account.name(), List.copyOf(account.addresses()), roles, now, now));
        return secret;
    }

    /** Who asks for something, which keeps the session from being idle. */
    public Optional<Account> use(String secret) {
        var now = clock.instant();
        var session = session(secret, now);
        session.filter(found -> Duration.between(found.used(), now)
                                .compareTo(policy.idle().dividedBy(STEPS))
                        > 0)
                .ifPresent(found -> sessions.use(found.digest(), now));
        return session.map(Sessions::account);
    }

    /** Whose browser asks by itself. */
    public Optional<Account> find(String secret) {
        return session(secret, clock.instant()).map(Sessions::account);
    }

    private Optional<StoredSession> session(String secret, Instant now) {
        return sessions.find(Sha256.of(secret), now.minus(policy.longest()), now.minus(policy.idle()));
    }

    private static Account account(StoredSession session) {
        return new Account(
                session.account(),
                session.roles().stream().map(Grant::parse).collect(Collectors.toSet()),
                null,
                null,
                Set.copyOf(session.addresses()));
    }

    public void end(String secret) {
        sessions.end(Sha256.of(secret));
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
}
