package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import org.ifaas.api.StatisticsView;
import org.ifaas.server.statistics.Csv;

/** {@code /api/v1/statistics}, with {@code days} from 1 to 366 and 30 unless told; {@code statistics/csv} is the same as a table. */
public final class StatisticsRoutes implements HttpService {
    private final Lists lists;

    public StatisticsRoutes(Lists lists) {
        this.lists = lists;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> Json.send(request, response, statistics(request)))
                .get(
                        "/csv",
                        (request, response) ->
                                Json.send(request, response, "text/csv; charset=utf-8", Csv.of(statistics(request))));
    }

    private StatisticsView statistics(ServerRequest request) {
        return lists.statistics(Caller.of(request), days(request));
    }

    private static int days(ServerRequest request) {
        return Numbers.of("days", request.query().first("days").orElse("30"), 1, 366);
    }
}
