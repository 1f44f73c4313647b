package org.ifaas.cli.command;

import java.io.IOException;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Rest;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command shares that asks the factory and prints what it says: for people, or with {@code --json} as it came. */
final class Query {
    final Surroundings surroundings;

    @Mixin
    final FactoryOptions factory;

    @Option(names = "--json", description = "Print the interface's JSON.")
    boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say what the command does.")
    boolean help;

    Query(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.factory = new FactoryOptions(surroundings);
    }

    Rest rest() throws IOException, InterruptedException {
        return factory.connection().rest();
    }

    String get(Address address) throws IOException, InterruptedException {
        return rest().get(address);
    }

    /** With {@code --json}, prints what the factory said; says whether it did. */
    boolean printed(String said) {
        if (json) {
            surroundings.out().println(said.strip());
        }
        return json;
    }
}
