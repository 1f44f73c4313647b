package org.ifaas.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.cli.Surroundings;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = "Print completion for bash (and zsh): source <(ifaas completion)")
final class CompletionCommand implements Callable<Integer> {
    /** Behind picocli's, which knows commands, options and their fixed values: it takes the place of its function. */
    private static final String OF_THE_FACTORY = """

            # What only the factory knows, such as images, builds and releases, is asked of the one that runs; none is started.
            function _ifaas_completion() {
              local current="${COMP_WORDS[COMP_CWORD]}" option=
              if [[ "$current" == --*=* ]]; then
                # One word in zsh; bash makes three of it.
                option="${current%%=*}="
                current="${current#*=}"
                COMP_WORDS=("${COMP_WORDS[@]:0:$COMP_CWORD}" "${option%=}" "$current")
                COMP_CWORD=$((COMP_CWORD + 1))
              fi
              _complete_ifaas "$@"
              if [ "${#COMPREPLY[@]}" -eq 0 ] && [[ "$current" != -* ]]; then
                local program="${COMP_WORDS[0]/#\\~/$HOME}"
                local words=("${COMP_WORDS[@]:1:$COMP_CWORD}")
                COMPREPLY=( $("$program" completion -- "${words[@]}" 2>/dev/null </dev/null) )
              fi
              if [ "${#COMPREPLY[@]}" -gt 0 ]; then
                COMPREPLY=( "${COMPREPLY[@]/#/$option}" )
              fi
            }
            complete -F _ifaas_completion -o default ifaas
            """;

    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say what the command does.")
    private boolean help;

    /** The script asks for what its last word may become. */
    @Parameters(arity = "0..*", hidden = true)
    private List<String> words = List.of();

    CompletionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        if (words.isEmpty()) {
            surroundings.out().println(AutoComplete.bash("ifaas", spec.root().commandLine()) + OF_THE_FACTORY);
        } else {
            new Completion(surroundings).of(words).forEach(surroundings.out()::println);
        }
        return 0;
    }
}
