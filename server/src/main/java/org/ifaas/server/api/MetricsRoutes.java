package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import org.ifaas.server.statistics.Metrics;

/** {@code /api/v1/metrics}: with a token that ends and can be revoked, as everything else there. */
public final class MetricsRoutes implements HttpService {
    private final Metrics metrics;

    public MetricsRoutes(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> Json.send(request, response, Metrics.TYPE, metrics.text()));
    }
}
