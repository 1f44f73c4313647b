package org.ifaas.server.api;

import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import org.ifaas.server.login.Account;

/** What becomes of requests that their sender may send again. */
@FunctionalInterface
public interface Repeats {
    /** Each is carried out as often as it is sent. */
    Repeats NOT_KNOWN = (operation, account, request, response, chain) -> chain.proceed();

    /** Carries the request out, or answers it as it was answered before. */
    void proceed(
            Operation operation, Account account, RoutingRequest request, RoutingResponse response, FilterChain chain);
}
