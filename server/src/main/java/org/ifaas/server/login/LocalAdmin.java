package org.ifaas.server.login;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.ifaas.store.login.PostgresLocalAccounts;
import org.ifaas.store.login.PostgresLoginFailures;
import org.ifaas.store.login.PostgresSessions;
import org.jspecify.annotations.Nullable;

/** The one account of the factory itself. Its password is made by the factory, shown once, and stored as a hash. */
public final class LocalAdmin implements Accounts {
    public static final String NAME = "admin";

    /** Without what looks alike: 31 characters, 20 of them make 99 bits. */
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final PostgresLocalAccounts accounts;
    private final PostgresSessions sessions;
    private final PostgresLoginFailures failures;
    private final int rounds;
    private final String user;
    private final InstantSource clock;
    private @Nullable String nobodys;

    /** @param user as whom the factory's own token asks: the same person by another name */
    public LocalAdmin(
            PostgresLocalAccounts accounts,
            PostgresSessions sessions,
            PostgresLoginFailures failures,
            LoginPolicy policy,
            String user,
            InstantSource clock) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.failures = failures;
        this.rounds = policy.passwordRounds();
        this.user = user;
        this.clock = clock;
    }

    /** Compared with where there is no account, so that it takes as long. */
    private synchronized String nobodys() {
        if (nobodys == null) {
            nobodys = PasswordHash.of("", rounds);
        }
        return nobodys;
    }

    @Override
    public Optional<Account> signIn(String name, String password) {
        var stored = LoginName.isAdmins(name) ? accounts.password(NAME) : Optional.<String>empty();
        boolean right = PasswordHash.matches(password, stored.orElseGet(this::nobodys));
        return right && stored.isPresent() && !password.isEmpty()
                ? Optional.of(new Account(NAME, Set.of(Grant.ofAll(Role.ADMIN)), null, null, Set.of(user)))
                : Optional.empty();
    }

    /** The password, when this call has made it; empty when there was one before. */
    public Optional<String> firstPassword() {
        if (accounts.password(NAME).isPresent()) {
            return Optional.empty();
        }
        var password = random();
        return accounts.create(NAME, PasswordHash.of(password, rounds), clock.instant())
                ? Optional.of(password)
                : Optional.empty();
    }

    /**
     * Another password, for one that is lost or known to others; whoever was signed in by the old one no longer is, and who
     * guessed at it has not guessed at this one.
     */
    public String newPassword() {
        var password = random();
        accounts.change(NAME, PasswordHash.of(password, rounds), clock.instant());
        sessions.endAll(NAME);
        failures.forget(NAME);
        return password;
    }

    private static String random() {
        var password = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            password.append(i > 0 && i % 5 == 0 ? "-" : "").append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }
}
