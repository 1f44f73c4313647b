package org.ifaas.cli.command;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.ifaas.api.BuildView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Amounts;
import org.ifaas.cli.view.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "builds", description = "List builds, newest first; tests of images and new signatures too.")
final class BuildsCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(names = "--image", paramLabel = "IMAGE", description = "Only builds of this image.")
    private @Nullable String image;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
    private int limit = 20;

    BuildsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.get(Address.of("builds").with("image", image).with("limit", limit));
        if (query.printed(said)) {
            return 0;
        }
        var now = surroundings.clock().instant();
        var table = new Table("BUILD", "IMAGE", "KIND", "STATE", "REQUESTED", "TOOK", "SERIAL", "BY", "REASON");
        for (var build : Json.list(said, BuildView.class)) {
            table.row(
                    build.id(),
                    build.parameters().image(),
                    Objects.requireNonNullElse(build.parameters().kind(), "build"),
                    Words.state(build.state()),
                    Amounts.dayAndTime(build.requested(), surroundings.zone()),
                    Amounts.elapsed(build.started(), build.ended(), now),
                    build.serial(),
                    build.requester(),
                    reason(build));
        }
        table.print(surroundings, "There are no builds" + (image == null ? "." : " of " + image + "."));
        return 0;
    }

    /** Less the state, which stands in a column of its own. */
    private static @Nullable String reason(BuildView build) {
        var said = Words.state(build.state()) + ": ";
        var reason = build.reason();
        return reason != null && reason.startsWith(said) ? reason.substring(said.length()) : reason;
    }
}
