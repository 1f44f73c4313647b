package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.api.CheckView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Checks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "verify",
        description = "Check a release with the tools that customers have, and print the command line of each check.")
final class VerifyCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Parameters(
            paramLabel = "RELEASE",
            description = "IMAGE/SERIAL as `ifaas releases` says it, or IMAGE for its newest.")
    private String release = "";

    VerifyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var address = ReleaseName.of(release).at("verify");
        var said = query.rest().post(address, null);
        var checks = Json.list(said, CheckView.class);
        boolean good = query.printed(said)
                ? checks.stream().noneMatch(check -> check.result().equals("failed"))
                : new Checks(surroundings).print(checks);
        return (good ? ExitCode.OK : ExitCode.CHECK_FAILED).code();
    }
}
