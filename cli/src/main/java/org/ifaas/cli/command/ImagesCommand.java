package org.ifaas.cli.command;

import java.util.concurrent.Callable;
import org.ifaas.api.ImageView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.view.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "images", description = "List the image definitions, and what became of their last builds.")
final class ImagesCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private final Query query;

    ImagesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.query = new Query(surroundings);
    }

    @Override
    public Integer call() throws Exception {
        var said = query.get(Address.of("images"));
        if (query.printed(said)) {
            return 0;
        }
        var table = new Table("IMAGE", "BUILDER", "LAST BUILD", "STATE", "NEWEST RELEASE", "REPOSITORY", "TITLE");
        for (var image : Json.list(said, ImageView.class)) {
            table.row(
                    image.name(),
                    image.builder(),
                    image.lastBuild(),
                    image.lastState() == null ? null : Words.state(image.lastState()),
                    image.lastSerial(),
                    image.repository() + (image.trusted() ? "" : " (not trusted)"),
                    title(image));
        }
        table.print(surroundings, "There are no image definitions.");
        return 0;
    }

    private static @Nullable String title(ImageView image) {
        var error = image.error();
        if (error == null) {
            return image.title();
        }
        return (image.title() == null ? "can't be read: " : "the last good one is built; can't be read: ") + error;
    }
}
