package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.api.RegionView;
import org.ifaas.factory.host.Availability;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.image.Registry;

/** {@code /api/v1/regions}. */
public final class RegionRoutes implements HttpService {
    private final Registries registries;
    private final Inquiries<Availability> inquiries;

    public RegionRoutes(Registries registries, Inquiries<Availability> inquiries) {
        this.registries = registries;
        this.inquiries = inquiries;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> Json.send(request, response, views()));
    }

    private List<RegionView> views() throws InterruptedException {
        var asked = inquiries.each(
                registries.all(), registry -> inquiries.ask("region " + registry.region(), "", registry::availability));
        var views = new ArrayList<RegionView>();
        for (var region : asked) {
            var answer = region.getValue().answer();
            views.add(view(
                    region.getKey(),
                    answer.value() == null
                            ? new Availability(false, answer.problem(), "Ask again in a moment.")
                            : answer.value()));
        }
        return views;
    }

    private static RegionView view(Registry registry, Availability availability) {
        return new RegionView(
                registry.region(),
                registry.cloud(),
                registry.diskFormat().name(),
                availability.available(),
                availability.detail(),
                availability.mend());
    }
}
