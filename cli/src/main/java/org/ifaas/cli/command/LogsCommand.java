package org.ifaas.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.ifaas.api.BuildView;
import org.ifaas.api.StageView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Print the log of a stage, or of all stages in their order.")
final class LogsCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on printing until the build has ended.")
    private boolean follow;

    @Option(
            names = "--attempt",
            paramLabel = "N",
            description = "Of an earlier attempt. Default: the newest that ran the stage.")
    private @Nullable Integer attempt;

    @Parameters(index = "0", paramLabel = "BUILD", description = "Id of the build, or the beginning of it.")
    private String id = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "STAGE",
            description = "Number or name of the stage: 7, build-image, build.")
    private @Nullable String stage;

    LogsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var rest = query.rest();
        var build = Json.read(rest.get(Address.of("builds", id)), BuildView.class);
        var logs = new StageLogs(rest, surroundings.out(), build.id(), attempt, query.json, surroundings.terminal());
        if (stage != null) {
            logs.print(Stages.find(build.stages(), stage), follow);
        } else if (follow) {
            logs.followAll(build);
        } else {
            for (var each : begun(build.stages())) {
                logs.heading(each);
                logs.print(each, false);
            }
        }
        return 0;
    }

    /** An earlier attempt may have run stages that the newest has not begun. */
    private List<StageView> begun(List<StageView> stages) {
        return attempt != null
                ? stages
                : stages.stream()
                        .filter(each -> !each.state().equals("WAITING"))
                        .toList();
    }
}
