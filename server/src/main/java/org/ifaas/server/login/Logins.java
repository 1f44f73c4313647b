package org.ifaas.server.login;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.factory.text.Visible;
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
    private final AuditLog audit;
    private final InstantSource clock;

    /** How many failures within the window are written down: the audit log stays for good, and nobody is to fill it by guessing. */
    private static final int MOST_RECORDED = 20;

    private static final String CONSOLE = "console";
    private static final String NOBODY = "nobody";

    /** Hashing a password is made to be slow: guesses are not to take all processors. */
    private final Semaphore atOnce = new Semaphore(2);

    public Logins(
            Accounts accounts,
            PostgresLoginFailures failures,
            LoginPolicy policy,
            AuditLog audit,
            InstantSource clock) {
        this.accounts = accounts;
        this.failures = failures;
        this.policy = policy;
        this.audit = audit;
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
                audit.record(account.get().name(), AuditAction.SIGNED_IN, CONSOLE, Map.of());
                failures.forget(name);
            } else {
                failures.add(name, now);
                if (failed.all() < MOST_RECORDED) {
                    audit.record(
                            NOBODY, AuditAction.SIGN_IN_FAILED, CONSOLE, Map.of("name", Visible.line(name, LONGEST)));
                }
                LOG.warn("a login failed; it was number {} of that name", failed.ofName() + 1);
            }
            return account;
        } finally {
            atOnce.release();
        }
    }

    public void signedOut(Account account) {
        audit.record(account.name(), AuditAction.SIGNED_OUT, CONSOLE, Map.of());
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
