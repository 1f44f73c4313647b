package org.ifaas.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "publisher",
        description = "Publish in one region what is approved, with that region's own credential, in the foreground."
                + " It needs no factory on its machine: it asks one over HTTPS.")
final class PublisherCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "The publisher's configuration; docs/operate/publisher.md says what is in it.")
    private Path config = Path.of("");

    @Option(
            names = "--once",
            description = "Do what can be done now, then end; 1 when something could not be published.")
    private boolean once;

    /** The launcher asks for the arguments and then becomes the publisher. */
    @Option(names = "--print-arguments", hidden = true)
    private boolean printArguments;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say what the command does.")
    private boolean help;

    PublisherCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Exception {
        if (!Files.isReadable(config)) {
            throw new Stop(ExitCode.USAGE, "can't read " + config, "Name the publisher's configuration with --config.");
        }
        var arguments = new ArrayList<>(
                List.of("publisher", "--config", config.toAbsolutePath().toString()));
        if (once) {
            arguments.add("--once");
        }
        if (printArguments) {
            arguments.forEach(surroundings.out()::println);
            return 0;
        }
        return new ServerProcess(surroundings).run(arguments);
    }
}
