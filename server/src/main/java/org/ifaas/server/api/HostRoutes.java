package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;

/** {@code /api/v1/hosts}. */
public final class HostRoutes implements HttpService {
    private final HostList hosts;

    public HostRoutes(HostList hosts) {
        this.hosts = hosts;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> Json.send(request, response, hosts.all()))
                .delete(
                        "/{name}",
                        (request, response) -> Json.send(
                                response,
                                hosts.destroy(
                                        request.path().pathParameters().get("name"),
                                        Caller.of(request).name())));
    }
}
