package org.ifaas.server.login;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.ifaas.store.login.PostgresLoginFailures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signing in, and slowing down whoever guesses. */
public final class Logins {
    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\p{Cs}]{1,200}");
    private static final int LONGEST = 200;

    /** How many names may be tried, each as often as one may be. */
    private static final int NAMES = 20;

    private final Accounts accounts;
    private final PostgresLoginFailures failures;
    private final LoginPolicy policy;
    private final InstantSource clock;

    /** Hashing a password is made to be slow: guesses are not to take all processors. */
    private final Semaphore atOnce = new Semaphore(2);

    public Logins(Accounts accounts, PostgresLoginFailures failures, LoginPolicy policy, InstantSource clock) {
        this.accounts = accounts;
        this.failures = failures;
        this.policy = policy;
        this.clock = clock;
    }

    /** @throws Throttled after too many failures, whether the password is right or not */
    public Optional<Account> signIn(String name, String password) throws Throttled, InterruptedException {
        if (!NAME.matcher(name).matches() || password.isEmpty() || password.length() > LONGEST) {
            return Optional.empty();
        }
        atOnce.acquire();
        try {
            var now = clock.instant();
            var failed = failures.count(name, now.minus(policy.window()));
            if (failed.ofName() >= policy.attempts() || failed.all() >= policy.attempts() * NAMES) {
                throw new Throttled();
            }
            var account = accounts.signIn(name, password);
            if (account.isPresent()) {
                failures.forget(name);
            } else {
                failures.add(name, now);
                LOG.warn("a login failed; it was number {} of that name", failed.ofName() + 1);
            }
            return account;
        } finally {
            atOnce.release();
        }
    }

    /** A chore. */
    public void forgetOldFailures() {
        failures.forgetBefore(clock.instant().minus(policy.window()));
    }

    /** Too many logins have failed; it can be tried again when the window is over. */
    public static final class Throttled extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
