package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;
import org.ifaas.cli.Surroundings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "help", description = "Say what a command does, or what the exit codes mean: ifaas help exit-codes")
final class HelpCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say what the command does.")
    private boolean help;

    @Parameters(arity = "0..2", paramLabel = "COMMAND", description = "A command, or exit-codes.")
    private String @Nullable [] topic;

    HelpCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        var line = spec.root().commandLine();
        if (topic != null && topic[0].equals("exit-codes")) {
            exitCodes();
            return 0;
        }
        for (var word : topic == null ? new String[0] : topic) {
            var command = line.getSubcommands().get(word);
            if (command == null) {
                throw new Stop(ExitCode.USAGE, "there is no command " + word, "ifaas help lists them.");
            }
            line = command;
        }
        line.usage(surroundings.out());
        return 0;
    }

    private void exitCodes() {
        for (var code : ExitCode.values()) {
            surroundings.out().printf("%3d  %s%n", code.code(), code.meaning());
        }
    }
}
