package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.function.BooleanSupplier;
import org.ifaas.api.HealthView;

/** {@code /health}, for whatever watches the factory, without a token: whether it serves, and below {@code live} whether it runs. */
public final class HealthRoutes implements HttpService {
    private final BooleanSupplier database;

    /** @param database whether it answers */
    public HealthRoutes(BooleanSupplier database) {
        this.database = database;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> {
                    boolean there = database.getAsBoolean();
                    Json.send(response, there ? 200 : 503, new HealthView(there, there));
                })
                .get("/live", (request, response) -> response.status(204).send())
                .any("/", Json.only("GET", "HEAD"))
                .any("/live", Json.only("GET", "HEAD"));
    }
}
