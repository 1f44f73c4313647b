package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;

/** {@code /api/v1/hosts}. */
public final class HostRoutes implements HttpService {
    private final HostList hosts;
    private final String user;

    public HostRoutes(HostList hosts, String user) {
        this.hosts = hosts;
        this.user = user;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> Json.send(request, response, hosts.all()))
                .delete(
                        "/{name}",
                        (request, response) -> Json.send(
                                response,
                                hosts.destroy(request.path().pathParameters().get("name"), user)));
    }
}
