package org.ifaas.server.login;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.publish.Person;
import org.ifaas.factory.signing.Sha256;
import org.ifaas.store.login.PostgresTokens;
import org.ifaas.store.login.StoredToken;
import org.ifaas.store.sql.Times;
import org.jspecify.annotations.Nullable;

/** With what programs ask the REST interface. A program holds 256 random bits; the database holds their digest. */
public final class Tokens {
    /** So that people, and programs that look for secrets in the wrong place, know what they see. */
    public static final String PREFIX = "ifaas_";

    /** How exactly it is known when a token was used last: a write a minute, not one a request. */
    private static final Duration STEP = Duration.ofMinutes(1);

    private final PostgresTokens tokens;
    private final TokenPolicy policy;
    private final AuditLog audit;
    private final InstantSource clock;

    public Tokens(PostgresTokens tokens, TokenPolicy policy, AuditLog audit, InstantSource clock) {
        this.tokens = tokens;
        this.policy = policy;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What is asked for.
     *
     * @param region only with {@link Role#REGION_PUBLISHER}
     * @param lifetime null for the usual one
     */
    public record Wanted(
            String name,
            Set<Role> roles,
            ImagePatterns images,
            @Nullable String region,
            @Nullable Duration lifetime) {}

    /** @param secret shown this once */
    public record Created(String secret, StoredToken token) {}

    /** @return empty when there is one of that name already */
    public Optional<Created> create(Wanted wanted, Person by) {
        var owner = by.name();
        var lifetime = wanted.lifetime() == null ? policy.lifetime() : wanted.lifetime();
        var now = Times.stored(clock.instant());
        var secret = PREFIX + Secret.random();
        var token = new StoredToken(
                Sha256.of(secret),
                wanted.name(),
                owner,
                List.copyOf(by.addresses()),
                wanted.roles().stream().map(Role::name).sorted().toList(),
                List.copyOf(new TreeSet<>(wanted.images().globs())),
                wanted.region(),
                now,
                now.plus(lifetime),
                null,
                null,
                null);
        if (isLive(token.name())) {
            return Optional.empty();
        }
        audit.record(owner, AuditAction.TOKEN_CREATED, token.name(), details(token));
        return tokens.create(token) ? Optional.of(new Created(secret, token)) : Optional.empty();
    }

    private static Map<String, String> details(StoredToken token) {
        var details = new TreeMap<String, String>();
        details.put(
                "roles",
                token.roles().stream().map(role -> Role.valueOf(role).slug()).collect(Collectors.joining(" ")));
        details.put("images", String.join(" ", token.images()));
        details.put("expires", token.expires().toString());
        if (token.region() != null) {
            details.put("region", token.region());
        }
        return details;
    }

    /**
     * Those that there were, newest first.
     *
     * @param after where the list begins; null for its beginning
     */
    public List<StoredToken> list(int most, PostgresTokens.@Nullable Place after) {
        return tokens.list(most, after);
    }

    /** @return empty when there is none of that name that is not revoked */
    public Optional<StoredToken> revoke(String name, String by) {
        if (!isLive(name)) {
            return Optional.empty();
        }
        audit.record(by, AuditAction.TOKEN_REVOKED, name, Map.of());
        return tokens.revoke(name, by, Times.stored(clock.instant()));
    }

    private boolean isLive(String name) {
        return tokens.list().stream().anyMatch(token -> token.name().equals(name) && token.revoked() == null);
    }

    public Duration longest() {
        return policy.longest();
    }

    /** For whom the token is used, and for what; it asks as its owner. */
    public Account account(String secret) throws Refused {
        var token = tokens.find(Sha256.of(secret)).orElseThrow(() -> new Refused(Refused.MISSING));
        var now = clock.instant();
        if (token.revoked() != null) {
            throw new Refused("the token " + token.name() + " was revoked at " + token.revoked());
        }
        if (!now.isBefore(token.expires())) {
            throw new Refused("the token " + token.name() + " expired at " + token.expires());
        }
        if (longUnused(token, now)) {
            tokens.use(token.digest(), now);
        }
        var images = ImagePatterns.of(token.images());
        return new Account(
                token.owner(),
                token.roles().stream()
                        .map(role -> new Grant(Role.valueOf(role), images))
                        .collect(Collectors.toSet()),
                token.region(),
                token.name(),
                Set.copyOf(token.addresses()));
    }

    private static boolean longUnused(StoredToken token, Instant now) {
        return token.used() == null || Duration.between(token.used(), now).compareTo(STEP) > 0;
    }

    /** The token opens nothing, or nothing any more. */
    public static final class Refused extends Exception {
        public static final String MISSING = "the token is missing or wrong";

        private static final long serialVersionUID = 1L;

        public Refused(String message) {
            super(message);
        }
    }
}
