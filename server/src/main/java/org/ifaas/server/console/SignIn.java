package org.ifaas.server.console;

import org.ifaas.server.login.Logins;
import org.ifaas.server.login.Source;
import org.ifaas.server.login.Unavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signing in and out. */
public final class SignIn {
    private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);

    private final Gate gate;
    private final Logins logins;

    SignIn(Gate gate, Logins logins) {
        this.gate = gate;
        this.logins = logins;
    }

    /**
     * @param problem what was wrong with the last try; empty at first
     * @param to where to go on
     */
    public record Page(String name, String problem, String to) {}

    void show(Exchange exchange) {
        if (exchange.signedIn() != null) {
            exchange.redirect("/");
        } else {
            exchange.page("Sign in", "", "sign-in", new Page("", "", here(exchange.query("to"))));
        }
    }

    void signIn(Exchange exchange) throws InterruptedException {
        var form = exchange.form();
        var to = here(form.text("to"));
        try {
            var account = logins.signIn(form.text("name"), form.password("password"), source(exchange));
            if (account.isPresent()) {
                gate.begin(exchange.response(), account.get());
                exchange.redirect(to);
            } else {
                exchange.page(
                        401, "Sign in", "", "sign-in", new Page(form.text("name"), "Name or password is wrong.", to));
            }
        } catch (Unavailable e) {
            LOG.warn("signing in: {}", e.getMessage());
            exchange.page(
                    503,
                    "Sign in",
                    "",
                    "sign-in",
                    new Page(form.text("name"), "The directory of people does not answer. Try again soon.", to));
        } catch (Logins.Throttled e) {
            exchange.page(
                    429,
                    "Sign in",
                    "",
                    "sign-in",
                    new Page(form.text("name"), "Too many logins have failed. Try again in some minutes.", to));
        }
    }

    private static Source source(Exchange exchange) {
        return Source.of(exchange.request().remotePeer().address());
    }

    void signOut(Exchange exchange) {
        logins.signedOut(exchange.account());
        gate.end(exchange.request(), exchange.response());
        exchange.redirect("/sign-in");
    }

    /** An address of the console itself, never another site's. */
    static String here(String to) {
        return to.matches("/([A-Za-z0-9._~%?=&+-][A-Za-z0-9._~%?=&+/-]*)?") ? to : "/";
    }
}
