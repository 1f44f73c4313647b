package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.Optional;
import java.util.Set;
import org.ifaas.api.ImageView;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.pipeline.Kind;
import org.ifaas.factory.source.Repository;

/** {@code /api/v1/images}. */
public final class ImageRoutes implements HttpService {
    /** Tests and new signatures may come between two builds. */
    private static final int LOOK_BACK = 20;

    private final Lists lists;
    private final Journal journal;
    private final Set<String> trusted;

    /** @param trusted names of the repositories on the allow-list */
    public ImageRoutes(Lists lists, Journal journal, Set<String> trusted) {
        this.lists = lists;
        this.journal = journal;
        this.trusted = Set.copyOf(trusted);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get(
                "/",
                (request, response) -> Json.send(
                        request,
                        response,
                        lists.definitions(Caller.of(request)).stream()
                                .map(this::view)
                                .toList()));
    }

    private ImageView view(Repository.Listed listed) {
        var definition = Optional.ofNullable(listed.definition());
        var last = journal.list(BuildSelection.of(listed.name()), LOOK_BACK).stream()
                .filter(build -> build.parameters().kind() == Kind.BUILD)
                .findFirst();
        var good = journal.succeeded(listed.name(), 1).stream().findFirst();
        return new ImageView(
                listed.name(),
                definition.map(found -> found.title()).orElse(null),
                definition.map(found -> found.builder()).orElse(null),
                listed.repository(),
                trusted.contains(listed.repository()),
                definition.map(found -> found.owner()).orElse(null),
                listed.error(),
                last.map(build -> build.id().value()).orElse(null),
                last.map(build -> build.state().name()).orElse(null),
                good.flatMap(build -> journal.facts(build.id()).find(Inputs.class))
                        .map(Inputs::serial)
                        .orElse(null));
    }
}
