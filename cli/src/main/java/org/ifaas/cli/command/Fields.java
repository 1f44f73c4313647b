package org.ifaas.cli.command;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ifaas.cli.Stop;
import org.ifaas.cli.factory.Refused;
import picocli.CommandLine.Model.CommandSpec;

/** What the interface's JSON calls its fields, as whoever called a command knows them: its options and parameters. */
public final class Fields {
    private static final Map<String, String> OTHERWISE = Map.of(
            "runTests", "--no-tests",
            "requestPublication", "--no-publication",
            "imageId", "--id");

    private Fields() {}

    /** The same error in the words of the command that met it. */
    public static Stop named(Refused refused, CommandSpec command) {
        return refused.named(field -> of(command, field));
    }

    /** The field itself where the command has nothing of that name. */
    static String of(CommandSpec command, String field) {
        var name = field.replaceFirst("[\\[.].*", "");
        var option = "--" + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        var options = command.optionsMap();
        for (var known : List.of(OTHERWISE.getOrDefault(name, option), option, option.replaceFirst("s$", ""))) {
            if (options.containsKey(known)) {
                return known;
            }
        }
        // The one time that `hosts keep` takes.
        if (name.equals("keepHost") && options.containsKey("--for")) {
            return "--for";
        }
        return command.positionalParameters().stream()
                .map(parameter -> parameter.paramLabel())
                .filter(label -> label.equalsIgnoreCase(name))
                .findFirst()
                .orElse(field);
    }
}
