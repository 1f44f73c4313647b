package org.ifaas.server.login;

import java.time.Duration;
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

/**
 * Signing in, and slowing down whoever guesses. Nobody is kept out by what others do elsewhere, and the local administrator by
 * nothing: that password is 99 random bits, so that guesses have only to be slow, and who comes in an emergency has to get in.
 */
public final class Logins {
    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\p{Cs}]{1,200}");
    private static final int LONGEST = 200;

    /** How many names a source may try, and from how many sources a name may be tried, each as often as one may be. */
    private static final int MANY = 20;

    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Accounts accounts;
    private final PostgresLoginFailures failures;
    private final LoginPolicy policy;
    private final AuditLog audit;
    private final InstantSource clock;
    private final Pause pause;

    /** How many failures within the window are written down: the audit log stays for good, and nobody is to fill it by guessing. */
    private static final int MOST_RECORDED = 20;

    private static final String CONSOLE = "console";
    private static final String NOBODY = "nobody";

    /** Hashing a password is made to be slow: guesses are not to take all processors. */
    private final Semaphore atOnce = new Semaphore(2, true);

    /** A lane of its own: others may wait for a directory that does not answer. */
    private final Semaphore administrator = new Semaphore(1, true);

    /** Waits. */
    @FunctionalInterface
    public interface Pause {
        void take(Duration howLong) throws InterruptedException;
    }

    public Logins(
            Accounts accounts,
            PostgresLoginFailures failures,
            LoginPolicy policy,
            AuditLog audit,
            InstantSource clock,
            Pause pause) {
        this.pause = pause;
        this.accounts = accounts;
        this.failures = failures;
        this.policy = policy;
        this.audit = audit;
        this.clock = clock;
    }

    /** @throws Throttled after too many failures, whether the password is right or not; never for the local administrator */
    public Optional<Account> signIn(String name, String password, Source source)
            throws Throttled, InterruptedException {
        if (!NAME.matcher(name).matches() || password.isEmpty() || password.length() > LONGEST) {
            return Optional.empty();
        }
        boolean admin = LoginName.isAdmins(name);
        if (isSlow(failed(name, source), admin)) {
            pause.take(PAUSE);
        }
        var lane = admin ? administrator : atOnce;
        lane.acquire();
        try {
            var failed = failed(name, source);
            if (!admin && isTooMany(failed)) {
                throw new Throttled();
            }
            return tried(name, password, source, failed);
        } finally {
            lane.release();
        }
    }

    private PostgresLoginFailures.Count failed(String name, Source source) {
        return failures.count(
                LoginName.folded(name), source.name(), clock.instant().minus(policy.window()));
    }

    private boolean isSlow(PostgresLoginFailures.Count failed, boolean admin) {
        return admin && failed.here() >= policy.attempts() || failed.ofSource() >= policy.attempts() * MANY;
    }

    /** A source is only slow: it may be a proxy, and all behind it would be kept out by one. */
    private boolean isTooMany(PostgresLoginFailures.Count failed) {
        return failed.here() >= policy.attempts() || failed.ofName() >= policy.attempts() * MANY;
    }

    private Optional<Account> tried(String name, String password, Source source, PostgresLoginFailures.Count failed) {
        var folded = LoginName.folded(name);
        var account = accounts.signIn(name, password);
        if (account.isPresent()) {
            audit.record(account.get().name(), AuditAction.SIGNED_IN, CONSOLE, Map.of());
            failures.forget(folded, source.name());
        } else {
            failures.add(folded, source.name(), clock.instant());
            if (failed.all() < MOST_RECORDED) {
                audit.record(NOBODY, AuditAction.SIGN_IN_FAILED, CONSOLE, Map.of("name", Visible.line(name, LONGEST)));
            }
            LOG.warn("a login from {} failed; it was number {} of that name there", source.name(), failed.here() + 1);
        }
        return account;
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
