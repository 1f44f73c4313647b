package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.cli.Surroundings;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = "Print completion for bash (and zsh): source <(ifaas completion)")
final class CompletionCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say what the command does.")
    private boolean help;

    CompletionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        surroundings.out().println(AutoComplete.bash("ifaas", spec.root().commandLine()));
        return 0;
    }
}
