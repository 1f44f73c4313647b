package org.ifaas.server.login;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.ifaas.store.login.PostgresLocalAccounts;
import org.ifaas.store.login.PostgresSessions;

/** The one account of the factory itself. Its password is made by the factory, shown once, and stored as a hash. */
public final class LocalAdmin implements Accounts {
    public static final String NAME = "admin";

    /** Without what looks alike: 31 characters, 20 of them make 99 bits. */
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final PostgresLocalAccounts accounts;
    private final PostgresSessions sessions;
    private final InstantSource clock;

    public LocalAdmin(PostgresLocalAccounts accounts, PostgresSessions sessions, InstantSource clock) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Made when it is first needed: it takes a while. */
    private static final class Nobody {
        static final String PASSWORD = PasswordHash.of("");
    }

    @Override
    public Optional<Account> signIn(String name, String password) {
        var stored = name.equals(NAME) ? accounts.password(NAME) : Optional.<String>empty();
        boolean right = PasswordHash.matches(password, stored.orElseGet(() -> Nobody.PASSWORD));
        return right && stored.isPresent() && !password.isEmpty()
                ? Optional.of(new Account(NAME, Set.of(Role.ADMIN)))
                : Optional.empty();
    }

    /** The password, when this call has made it; empty when there was one before. */
    public Optional<String> firstPassword() {
        if (accounts.password(NAME).isPresent()) {
            return Optional.empty();
        }
        var password = random();
        return accounts.create(NAME, PasswordHash.of(password), clock.instant())
                ? Optional.of(password)
                : Optional.empty();
    }

    /** Another password, for one that is lost or known to others; whoever was signed in by the old one no longer is. */
    public String newPassword() {
        var password = random();
        accounts.change(NAME, PasswordHash.of(password), clock.instant());
        sessions.endAll(NAME);
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
