package org.ifaas.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.RunningFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "restore", description = "Read a back-up into the database of a factory that is not running.")
final class RestoreCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final FactoryOptions factory;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say what the command does.")
    private boolean help;

    @Parameters(paramLabel = "FILE", description = "Written by `ifaas backup`.")
    private Path file = Path.of("");

    RestoreCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.factory = new FactoryOptions(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new Stop(ExitCode.USAGE, "can't read " + file, "Name a file that `ifaas backup` wrote.");
        }
        if (RunningFactory.find(factory.home()).isPresent()) {
            throw new Stop(
                    ExitCode.USAGE,
                    "a factory runs for " + factory.home(),
                    "Stop it first: " + surroundings.hints().of("serve --stop"));
        }
        var arguments = new ArrayList<>(List.of(
                "restore",
                file.toAbsolutePath().toString(),
                "--home",
                factory.home().toString()));
        arguments.addAll(factory.serveArguments());
        return new ServerProcess(surroundings).run(arguments);
    }
}
