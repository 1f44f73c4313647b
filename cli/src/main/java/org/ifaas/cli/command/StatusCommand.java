package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.api.StatusView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "status",
        description = "Say whether a factory runs, and what it does. Starts none: exit code 3 where none runs.")
final class StatusCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    StatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.factory.running().get(Address.of("status"));
        if (query.printed(said)) {
            return 0;
        }
        var status = Json.read(said, StatusView.class);
        var out = surroundings.out();
        out.println("Version   " + status.version());
        out.println("Home      " + status.home());
        out.println("Database  " + status.database());
        out.println("Builds    " + status.running() + " running, " + status.queued() + " queued, at most "
                + status.parallelBuilds() + " at once");
        status.found().forEach(found -> out.println("Found     " + found));
        return 0;
    }
}
