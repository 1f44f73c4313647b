package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.api.ConsoleView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "console",
        description =
                "Say where a browser finds the console of the factory that runs. Starts none: exit code 3 where none runs.")
final class ConsoleCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(
            names = "--new-password",
            description =
                    "Make and print a new password for the account admin; whoever is signed in with the old one no longer is.")
    private boolean newPassword;

    ConsoleCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var rest = query.factory.running();
        var said = newPassword ? rest.post(Address.of("console", "password"), null) : rest.get(Address.of("console"));
        if (query.printed(said)) {
            return 0;
        }
        var console = Json.read(said, ConsoleView.class);
        surroundings.out().println(console.address());
        if (console.password() != null) {
            surroundings.out().println("Sign in as admin with the password " + console.password());
        }
        return 0;
    }
}
