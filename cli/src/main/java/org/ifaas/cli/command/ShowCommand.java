package org.ifaas.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.api.BuildView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.follow.Follow;
import org.ifaas.cli.view.Amounts;
import org.ifaas.cli.view.BuildLines;
import org.ifaas.cli.view.Outcome;
import org.ifaas.cli.view.Style;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show a build: its stages, how it ended and what to do next.")
final class ShowCommand implements Callable<Integer> {
    private static final int PIPED_COLUMNS = 200;

    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(
            names = {"-f", "--follow"},
            description = "Show it until it has ended; exit codes as those of build.")
    private boolean follow;

    @Parameters(paramLabel = "BUILD", description = "Id of the build, or the beginning of it.")
    private String id = "";

    ShowCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var connection = query.factory.connection();
        var said = connection.rest().get(Address.of("builds", id));
        if (follow) {
            return new Follow(surroundings, connection, query.json)
                    .toTheEnd(List.of(Json.read(said, BuildView.class)))
                    .code();
        }
        if (!query.printed(said)) {
            print(Json.read(said, BuildView.class));
        }
        return 0;
    }

    private void print(BuildView build) {
        var out = surroundings.out();
        var style = Style.of(surroundings.terminal());
        int columns =
                surroundings.terminal().live() ? surroundings.terminal().size().columns() : PIPED_COLUMNS;
        new BuildLines(style, columns)
                .full(build, surroundings.clock().instant())
                .forEach(out::println);
        out.println("  requested by " + build.requester() + " at "
                + Amounts.dayAndTime(build.requested(), surroundings.zone())
                + (build.commit() == null ? "" : ", commit " + build.commit()));
        if (!build.state().equals("QUEUED") && !build.state().equals("RUNNING")) {
            new Outcome(surroundings, style).lines(build).forEach(out::println);
        }
    }
}
