package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.api.BuildView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "cancel",
        description = "Cancel a build. What it holds is cleaned up; a retry can go on from what was done.")
final class CancelCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Parameters(paramLabel = "BUILD", description = "Id of the build, or the beginning of it.")
    private String id = "";

    CancelCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.rest().post(Address.of("builds", id, "cancel"), null);
        if (!query.printed(said)) {
            var build = Json.read(said, BuildView.class);
            var words = build.state().equals("CANCELLED")
                    ? "is cancelled"
                    : "is being cancelled and cleaned up; look at it: "
                            + surroundings.hints().of("show -f " + build.id());
            surroundings
                    .out()
                    .println("Build " + build.id() + " of " + build.parameters().image() + " " + words);
        }
        return 0;
    }
}
