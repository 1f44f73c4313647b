package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.api.HostView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Amounts;
import org.ifaas.cli.view.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "hosts",
        description =
                "List the build hosts that exist, with the command that reaches them and until when they are kept.")
final class HostsCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    HostsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.get(Address.of("hosts"));
        if (query.printed(said)) {
            return 0;
        }
        var table = new Table("HOST", "KIND", "BUILD", "SPAWNED", "KEPT UNTIL", "SSH");
        for (var host : Json.list(said, HostView.class)) {
            table.row(
                    host.name(),
                    Words.state(host.kind()),
                    host.build(),
                    Amounts.dayAndTime(host.spawned(), surroundings.zone()),
                    Amounts.dayAndTime(host.keptUntil(), surroundings.zone()),
                    host.ssh());
        }
        table.print(surroundings, "There are no build hosts.");
        return 0;
    }

    @Command(name = "destroy", description = "Destroy a build host now.")
    static final class Destroy implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private final Query query;

        @Parameters(paramLabel = "HOST", description = "Its name, as `ifaas hosts` says it.")
        private String name = "";

        Destroy(Surroundings surroundings) {
            this.surroundings = surroundings;
            this.query = new Query(surroundings);
        }

        @Override
        public Integer call() throws Exception {
            var said = query.rest().delete(Address.of("hosts", name));
            if (!query.printed(said)) {
                surroundings.out().println("Host " + name + " is destroyed");
            }
            return 0;
        }
    }
}
