package org.ifaas.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.api.BuildView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.factory.Refused;
import org.ifaas.cli.follow.Follow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "build",
        description = "Build images, and show the fifteen stages until they have ended.",
        footer = {
            "",
            "Ctrl-C asks once whether to cancel; closing the terminal, or Ctrl-C where nobody can be asked,"
                    + " leaves the build running. `ifaas show -f BUILD` shows it again."
        })
final class BuildCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private final Query query;

    @Mixin
    private final BuildOptions options = new BuildOptions();

    @Option(
            names = "--twice",
            description =
                    "Build a second time from the same inputs, and say whether the images are the same, byte for byte.")
    private boolean twice;

    @Option(names = "--detach", description = "Do not wait; print the build's id.")
    private boolean detach;

    @Parameters(
            paramLabel = "IMAGE",
            arity = "1..*",
            description = "Image definitions; several are built in parallel. `ifaas images` lists them.")
    private List<String> images = List.of();

    BuildCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        if (twice && (detach || images.size() > 1)) {
            throw new Stop(
                    ExitCode.USAGE,
                    "--twice takes one image and waits for it",
                    "Leave out --detach, and name one image.");
        }
        var requests = images.stream().distinct().map(options::request).toList();
        var connection = query.factory.connection();
        if (twice) {
            return new TwoBuilds(surroundings, connection, query.json)
                    .run(requests.getFirst())
                    .code();
        }
        Refused refused = null;
        var begun = new ArrayList<BuildView>();
        for (var request : requests) {
            try {
                var json = connection.rest().post(Address.of("builds"), request);
                begun.add(Json.read(json, BuildView.class));
                if (detach && !query.printed(json)) {
                    surroundings.out().println(begun.getLast().id());
                }
            } catch (Refused e) {
                refused = e;
                Errors.print(surroundings, Fields.named(e, spec));
            }
        }
        var exit = begun.isEmpty() || detach
                ? ExitCode.OK
                : new Follow(surroundings, connection, query.json).toTheEnd(begun);
        return (refused != null && exit != ExitCode.INTERRUPTED ? refused.exit() : exit).code();
    }
}
