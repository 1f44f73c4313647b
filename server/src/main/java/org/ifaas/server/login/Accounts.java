package org.ifaas.server.login;

import java.util.List;
import java.util.Optional;

/** Who may sign in: the local administrator, a directory of people. */
public interface Accounts {
    /**
     * The account with its roles, if the password is the right one. How often it is asked is not its business; an empty password
     * never is the right one, and a name that nobody has takes as long as one that somebody has.
     */
    Optional<Account> signIn(String name, String password);

    /** The first of them that lets somebody in. */
    static Accounts anyOf(List<Accounts> all) {
        return (name, password) -> all.stream()
                .flatMap(accounts -> accounts.signIn(name, password).stream())
                .findFirst();
    }
}
