package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.api.ReleaseView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Amounts;
import org.ifaas.cli.view.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "releases", description = "List the sealed releases, newest first.")
final class ReleasesCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    @Option(names = "--image", paramLabel = "IMAGE", description = "Only releases of this image.")
    private @Nullable String image;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
    private int limit = 50;

    ReleasesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.get(Address.of("releases").with("image", image).with("limit", limit));
        if (query.printed(said)) {
            return 0;
        }
        var table = new Table("RELEASE", "BUILD", "SEALED", "SIZE", "TESTS", "PUBLICATION", "FOLDER");
        for (var release : Json.list(said, ReleaseView.class)) {
            table.row(
                    release.id(),
                    release.build(),
                    Amounts.dayAndTime(release.sealed(), surroundings.zone()),
                    Amounts.size(release.size()),
                    release.tests(),
                    Words.state(release.publication()),
                    release.removed() == null
                            ? release.folder()
                            : "removed by retention on " + Amounts.dayAndTime(release.removed(), surroundings.zone()));
        }
        table.print(surroundings, "There are no releases" + (image == null ? "." : " of " + image + "."));
        return 0;
    }
}
