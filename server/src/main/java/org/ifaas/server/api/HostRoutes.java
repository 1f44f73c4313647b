package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;

/** {@code /api/v1/hosts}. */
public final class HostRoutes implements HttpService {
    private final HostList hosts;
    private final Lists lists;

    public HostRoutes(HostList hosts, Lists lists) {
        this.hosts = hosts;
        this.lists = lists;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get(
                        "/",
                        (request, response) -> Json.send(
                                request,
                                response,
                                lists.hosts(Caller.of(request)).hosts()))
                .delete(
                        "/{host}",
                        (request, response) -> Json.send(
                                response,
                                hosts.destroy(
                                        request.path().pathParameters().get("host"),
                                        Caller.of(request).name())));
    }
}
