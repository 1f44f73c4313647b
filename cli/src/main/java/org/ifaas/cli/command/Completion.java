package org.ifaas.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.ifaas.api.BuildView;
import org.ifaas.api.HostView;
import org.ifaas.api.ImageView;
import org.ifaas.api.RegionView;
import org.ifaas.api.ReleaseView;
import org.ifaas.api.RequestView;
import org.ifaas.api.StageView;
import org.ifaas.api.StepView;
import org.ifaas.api.TokenView;
import org.ifaas.cli.Surroundings;
import org.ifaas.cli.factory.Address;
import org.ifaas.cli.factory.Home;
import org.ifaas.cli.factory.Json;
import org.ifaas.cli.factory.RemoteFactory;
import org.ifaas.cli.factory.Rest;
import org.ifaas.cli.factory.RunningFactory;

/**
 * What the last word of a command line may become: asked of the factory that runs, of which none is started, and for no longer
 * than somebody waits who types.
 */
record Completion(Surroundings surroundings) {
    private static final int PATIENCE_MILLIS = 2_000;
    private static final int MOST = 200;

    /** @param words behind {@code ifaas}; empty where nobody can say, or it is no thing of the factory's */
    List<String> of(List<String> words) {
        var typed = Typed.of(Commands.line(surroundings, words.getFirst()).getCommandSpec(), words);
        var begun = words.getLast().equals("=") ? "" : words.getLast();
        try {
            return values(typed)
                    .filter(value -> value.startsWith(begun))
                    .distinct()
                    .toList();
        } catch (IOException | RuntimeException e) {
            // Nobody is told while they type; the command itself will say it.
            return List.of();
        }
    }

    private Stream<String> values(Typed typed) throws IOException {
        var factory = factory(typed);
        if (typed.kind().equals("STATE")) {
            return Stream.of("pending", "approved", "published", "rejected");
        }
        if (typed.kind().equals("COMMAND")) {
            return typed.parameters().isEmpty() ? Commands.names() : Stream.of();
        }
        if (factory.isEmpty()) {
            return typed.kind().equals("IMAGE") ? shipped() : Stream.of();
        }
        var rest = factory.get();
        return switch (typed.kind()) {
            case "IMAGE" -> list(rest, Address.of("images"), ImageView.class).map(ImageView::name);
            case "BUILD" -> builds(rest, typed.command());
            case "STAGE" ->
                Json.read(rest.get(Address.of("builds", typed.first()), PATIENCE_MILLIS), BuildView.class)
                        .stages()
                        .stream()
                        .map(StageView::name);
            case "STEP" ->
                list(rest, Address.of("certification", typed.first()), StepView.class)
                        .map(StepView::name);
            case "RELEASE", "OTHER" ->
                list(rest, Address.of("releases").with("limit", MOST), ReleaseView.class)
                        .filter(release -> release.removed() == null)
                        .map(ReleaseView::id);
            case "HOST" -> list(rest, Address.of("hosts"), HostView.class).map(HostView::name);
            case "TOKEN" -> list(rest, Address.of("tokens"), TokenView.class).map(TokenView::name);
            case "REGION" -> list(rest, Address.of("regions"), RegionView.class).map(RegionView::name);
            case "CLOUD" ->
                list(rest, Address.of("regions"), RegionView.class)
                        .map(RegionView::cloud)
                        .filter(Objects::nonNull);
            default -> Stream.of();
        };
    }

    private Optional<Rest> factory(Typed typed) {
        var home = typed.options().get("--home");
        return (home == null ? RemoteFactory.named(surroundings) : Optional.<Rest>empty())
                .or(() -> RunningFactory.announced(Home.find(home, surroundings)));
    }

    /** Those with which that command can do something. */
    private static Stream<String> builds(Rest rest, String command) throws IOException {
        if (List.of("approve", "reject", "confirm", "refuse").contains(command)) {
            return list(rest, Address.of("requests").with("state", "PENDING").with("limit", MOST), RequestView.class)
                    .map(RequestView::build);
        }
        return list(rest, Address.of("builds").with("limit", MOST), BuildView.class)
                .filter(build -> switch (command) {
                    case "cancel" -> build.ended() == null;
                    case "retry" -> build.ended() != null;
                    default -> true;
                })
                .map(BuildView::id);
    }

    private static <T> Stream<T> list(Rest rest, Address address, Class<T> type) throws IOException {
        return Json.list(rest.get(address, PATIENCE_MILLIS), type).stream();
    }

    /** The definitions beside the product, which a factory has that was told of no others. */
    private Stream<String> shipped() throws IOException {
        var root = surroundings.root();
        if (root == null) {
            return Stream.of();
        }
        try (var folders = Files.list(root.resolve("images"))) {
            return folders
                    .filter(folder -> Files.exists(folder.resolve("image.yaml")))
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }
}
