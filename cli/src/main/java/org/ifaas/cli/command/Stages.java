package org.ifaas.cli.command;

import java.util.List;
import java.util.stream.Collectors;
import org.ifaas.api.StageView;
import org.ifaas.cli.ExitCode;
import org.ifaas.cli.Stop;

/** Finds a stage by what users type: its number, its name, or the beginning of it. */
final class Stages {
    private Stages() {}

    static StageView find(List<StageView> stages, String text) {
        var exact = stages.stream()
                .filter(stage -> stage.name().equals(text)
                        || String.valueOf(stage.number()).equals(text))
                .findFirst();
        if (exact.isPresent()) {
            return exact.get();
        }
        var begun = stages.stream()
                .filter(stage -> !text.isEmpty() && stage.name().startsWith(text))
                .toList();
        if (begun.size() == 1) {
            return begun.getFirst();
        }
        var names = stages.stream()
                .map(stage -> stage.number() + " " + stage.name())
                .collect(Collectors.joining(", "));
        throw new Stop(
                ExitCode.USAGE,
                (begun.isEmpty() ? "no stage is called " : "more than one stage begins with ") + text,
                "The stages are: " + names);
    }
}
