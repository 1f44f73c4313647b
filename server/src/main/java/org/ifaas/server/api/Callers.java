package org.ifaas.server.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.ifaas.server.login.Account;
import org.ifaas.server.login.Grant;
import org.ifaas.server.login.LocalAdmin;
import org.ifaas.server.login.Role;
import org.ifaas.server.login.Tokens;

/** Whose token it is that a request carries. */
@FunctionalInterface
public interface Callers {
    Account of(String token) throws Tokens.Refused;

    /** The factory's own token, new at each start, for whoever may read it on its machine: that is its administrator. */
    static Callers local(String own, String user) {
        // Who reads that can have the administrator's password as well: one person by two names.
        var account = new Account(user, Set.of(Grant.ofAll(Role.ADMIN)), null, null, Set.of(LocalAdmin.NAME));
        return token -> {
            if (MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), own.getBytes(StandardCharsets.UTF_8))) {
                return account;
            }
            throw new Tokens.Refused(Tokens.Refused.MISSING);
        };
    }

    /** That one, and those that were made for programs. */
    static Callers localAnd(String own, String user, Tokens tokens) {
        var local = local(own, user);
        return token -> token.startsWith(Tokens.PREFIX) ? tokens.account(token) : local.of(token);
    }
}
