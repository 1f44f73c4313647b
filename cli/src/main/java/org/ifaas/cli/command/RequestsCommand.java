package org.ifaas.cli.command;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.ifaas.api.RequestView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Amounts;
import org.ifaas.cli.view.Certification;
import org.ifaas.cli.view.Columns;
import org.ifaas.cli.view.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "requests", description = "List the publication requests, newest first.")
final class RequestsCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those that are pending, approved, published or rejected.")
    private @Nullable String state;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
    private int limit = 50;

    RequestsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.get(Address.of("requests").with("state", state).with("limit", limit));
        if (query.printed(said)) {
            return 0;
        }
        var table = new Table(
                "BUILD",
                "IMAGE",
                "SERIAL",
                "STATE",
                "REQUESTED",
                "BY",
                "CERTIFICATION",
                "DECIDED BY",
                "PUBLISH AS",
                "REGIONS",
                "REASON");
        var failures = new ArrayList<String>();
        for (var request : Json.list(said, RequestView.class)) {
            var how = request.how() == null ? "" : " (" + request.how() + ")";
            table.row(
                    request.build(),
                    request.image(),
                    request.serial(),
                    Words.state(request.state()),
                    Amounts.dayAndTime(request.requested(), surroundings.zone()),
                    request.requester(),
                    Certification.summary(request.certification()),
                    request.decidedBy() == null ? null : request.decidedBy() + how,
                    Words.publicName(request),
                    regions(request),
                    request.reason());
            request.regions().stream()
                    .filter(region -> region.reason() != null)
                    .forEach(region -> failures.add(
                            Columns.clean(request.build() + " " + region.region() + ": " + region.reason())));
        }
        table.print(surroundings, "There are no publication requests.");
        failures.forEach(surroundings.out()::println);
        return 0;
    }

    /** One word for all, or each with its own. */
    private static String regions(RequestView request) {
        var states = request.regions().stream()
                .map(RequestView.Region::state)
                .distinct()
                .toList();
        var leftOut = Words.leftOut(request);
        return (states.size() == 1
                        ? "all " + Words.state(states.getFirst())
                        : request.regions().stream()
                                .map(region -> region.region() + " " + Words.state(region.state()))
                                .collect(Collectors.joining(", ")))
                + (leftOut.isEmpty() ? "" : ", without " + String.join(", ", leftOut));
    }
}
