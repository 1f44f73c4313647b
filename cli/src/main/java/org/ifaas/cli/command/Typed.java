package org.ifaas.cli.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command line of which the last word is not whole yet.
 *
 * @param command its last command's name
 * @param kind of the last word, as help calls it: {@code IMAGE}, {@code BUILD}; empty where it is none that has a kind
 * @param parameters before the last word
 */
record Typed(String command, String kind, List<String> parameters, Map<String, String> options) {
    /** @param root the command whose name stands before the words */
    static Typed of(CommandSpec root, List<String> words) {
        var spec = root;
        var parameters = new ArrayList<String>();
        var options = new HashMap<String, String>();
        OptionSpec open = null;
        for (var word : words.subList(0, words.size() - 1)) {
            var below = spec.subcommands().get(word);
            if (word.equals("=")) {
                // Bash makes three words of --option=value.
                continue;
            }
            if (open != null) {
                options.put(open.longestName(), word);
                open = null;
            } else if (below != null && parameters.isEmpty()) {
                spec = below.getCommandSpec();
            } else if (word.startsWith("-")) {
                open = taking(spec.findOption(word));
            } else {
                parameters.add(word);
            }
        }
        return new Typed(spec.name(), open == null ? kind(spec, parameters.size()) : kind(open), parameters, options);
    }

    private static @Nullable OptionSpec taking(@Nullable OptionSpec option) {
        return option == null || option.arity().max() == 0 ? null : option;
    }

    private static String kind(OptionSpec option) {
        // Its label is NAME, like those of other things.
        return option.longestName().equals("--cloud") ? "CLOUD" : option.paramLabel();
    }

    private static String kind(CommandSpec spec, int before) {
        return spec.positionalParameters().stream()
                .filter(parameter -> parameter.index().contains(before))
                .map(parameter -> parameter.paramLabel())
                .findFirst()
                .orElse("");
    }

    String first() {
        return parameters.getFirst();
    }
}
