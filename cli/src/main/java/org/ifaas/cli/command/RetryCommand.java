package org.ifaas.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.api.BuildView;
import org.ifaas.api.RetryRequest;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.follow.Follow;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "retry", description = "Go on with a build that ended: a new attempt, which keeps what still is true.")
final class RetryCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(
            names = "--from",
            paramLabel = "STAGE",
            description =
                    "Make everything again from this stage on: its number or name. A public release stays sealed as it is.")
    private @Nullable String from;

    @Option(names = "--detach", description = "Do not wait; print the build's id.")
    private boolean detach;

    @Parameters(paramLabel = "BUILD", description = "Id of the build, or the beginning of it.")
    private String id = "";

    RetryCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var connection = query.factory.connection();
        var stage = from;
        if (stage != null) {
            var build = Json.read(connection.rest().get(Address.of("builds", id)), BuildView.class);
            stage = Stages.find(build.stages(), stage).name();
        }
        var said = connection.rest().post(Address.of("builds", id, "retry"), new RetryRequest(stage, null));
        var build = Json.read(said, BuildView.class);
        if (!detach) {
            return new Follow(surroundings, connection, query.json)
                    .toTheEnd(List.of(build))
                    .code();
        }
        if (!query.printed(said)) {
            surroundings.out().println(build.id());
        }
        return 0;
    }
}
