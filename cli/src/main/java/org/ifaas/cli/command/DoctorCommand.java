package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.api.CheckView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Checks;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description =
                "Check what the factory needs (KVM for real, space, tools, key, mirrors), or what it has in a cloud, and say the mend"
                        + " for each.")
final class DoctorCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(
            names = "--cloud",
            paramLabel = "NAME",
            description = "Check this cloud instead: identity, roles, quotas, images, networks, flavors, and that the"
                    + " factory may not publish there.")
    @Nullable
    private String cloud;

    DoctorCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.get(Address.of("doctor").with("cloud", cloud));
        var checks = Json.list(said, CheckView.class);
        boolean good = query.printed(said)
                ? checks.stream().noneMatch(check -> check.result().equals("failed"))
                : new Checks(surroundings).print(checks);
        return (good ? ExitCode.OK : ExitCode.CHECK_FAILED).code();
    }
}
