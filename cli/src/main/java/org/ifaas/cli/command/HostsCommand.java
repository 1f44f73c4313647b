package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.api.BuildView;
import org.ifaas.api.HostView;
import org.ifaas.api.KeepHostRequest;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Amounts;
import org.ifaas.cli.view.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

    @Command(name = "keep", description = "Keep the host of a build that goes on, for a while after its end.")
    static final class Keep implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private final Query query;

        @Option(
                names = "--for",
                paramLabel = "TIME",
                description = "From one minute to seven days after the build, such as 4h; 0 to keep it no longer."
                        + " Default: ${DEFAULT-VALUE}.")
        private String time = "4h";

        @Parameters(paramLabel = "HOST", description = "Its name, as `ifaas hosts` says it, or the id of its build.")
        private String name = "";

        Keep(Surroundings surroundings) {
            this.surroundings = surroundings;
            this.query = new Query(surroundings);
        }

        @Override
        public Integer call() throws Exception {
            var rest = query.rest();
            var build = Json.list(rest.get(Address.of("hosts")), HostView.class).stream()
                    .filter(host -> host.name().equals(name) && host.build() != null)
                    .map(host -> String.valueOf(host.build()))
                    .findFirst()
                    .orElse(name);
            var wanted = new KeepHostRequest(time.equals("0") ? null : time);
            var said = rest.post(Address.of("builds", build, "keep-host"), wanted);
            if (!query.printed(said)) {
                var id = Json.read(said, BuildView.class).id();
                surroundings
                        .out()
                        .println("The host of build " + id
                                + (time.equals("0")
                                        ? " is not kept after its end"
                                        : " is kept " + time + " after its end"));
            }
            return 0;
        }
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
