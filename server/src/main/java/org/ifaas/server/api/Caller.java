package org.ifaas.server.api;

import io.helidon.webserver.http.ServerRequest;
import org.ifaas.server.login.Account;

/** Who sent a request. */
public final class Caller {
    private Caller() {}

    static void is(ServerRequest request, Account account) {
        request.context().register(account);
    }

    /** The account that was let in; its region, where a program is of one. */
    public static Account of(ServerRequest request) {
        return request.context()
                .get(Account.class)
                .orElseThrow(() -> new IllegalStateException("nobody was let in to " + request.path()));
    }
}
