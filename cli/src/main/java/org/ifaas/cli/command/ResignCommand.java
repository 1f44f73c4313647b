package org.ifaas.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.api.BuildView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.follow.Follow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "resign",
        description = "Sign a release anew by the key of today, after its own was rotated or has expired.")
final class ResignCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(names = "--detach", description = "Do not wait; print the build's id.")
    private boolean detach;

    @Parameters(
            paramLabel = "RELEASE",
            description = "IMAGE/SERIAL as `ifaas releases` says it, or IMAGE for its newest.")
    private String release = "";

    ResignCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var address = ReleaseName.of(release).at("resign");
        var connection = query.factory.connection();
        var said = connection.rest().post(address, null);
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
