package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import org.ifaas.api.RegionView;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;

/** {@code /api/v1/regions}. */
public final class RegionRoutes implements HttpService {
    private final Registries registries;

    public RegionRoutes(Registries registries) {
        this.registries = registries;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get(
                "/",
                (request, response) -> Json.send(
                        request,
                        response,
                        registries.all().stream().map(RegionRoutes::view).toList()));
    }

    private static RegionView view(Registry registry) {
        var availability = registry.availability();
        return new RegionView(
                registry.region(),
                registry.cloud(),
                registry.diskFormat().name(),
                availability.available(),
                availability.detail(),
                availability.mend());
    }
}
