package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ifaas.api.Approve;
import org.ifaas.api.Decision;
import org.ifaas.factory.definition.ImagePatterns;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.ifaas.factory.publish.Publisher;
import org.ifaas.factory.publish.RequestSelection;
import org.ifaas.server.login.Right;

/** {@code /api/v1/requests}. */
public final class RequestRoutes implements HttpService {
    private final Lists lists;
    private final Publisher publisher;
    private final Builds builds;
    private final Views views;

    public RequestRoutes(Lists lists, Publisher publisher, Builds builds, Views views) {
        this.lists = lists;
        this.publisher = publisher;
        this.builds = builds;
        this.views = views;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list).post("/{build}/approve", this::approve).post("/{build}/reject", this::reject);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Optional<State> state = request.query().first("state").asOptional().map(RequestRoutes::state);
        var page = Page.asked(request, id -> builds.find(id.value()));
        var wanted = new RequestSelection(ImagePatterns.ALL, state.orElse(null), page.after());
        var found = lists.requests(Caller.of(request), wanted, page.oneMore());
        Json.send(
                request,
                response,
                page.of(found, PublicationRequest::id, response).stream()
                        .map(views::request)
                        .toList());
    }

    private static State state(String name) {
        return Arrays.stream(State.values())
                .filter(state -> state.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new Refusal(400, "is no state of a request", "state", name, Refusal.among(State.values())));
    }

    private void approve(ServerRequest request, ServerResponse response) {
        var by = Caller.of(request);
        var said = Json.read(request, Approve.class);
        var without = said.without();
        try {
            var approved = publisher.approve(
                    build(request),
                    by.person(),
                    by.images(Right.DECIDE),
                    said.sha256(),
                    without == null ? List.of() : without);
            Json.send(response, views.request(approved));
        } catch (Publisher.Refused e) {
            throw Refusal.of(e);
        } catch (StageFailure e) {
            throw Refusal.notPublished(e);
        }
    }

    private void reject(ServerRequest request, ServerResponse response) {
        var reason = Json.read(request, Decision.class).reason();
        var user = Caller.of(request).name();
        try {
            Json.send(response, views.request(publisher.reject(build(request), user, reason == null ? "" : reason)));
        } catch (Publisher.Refused e) {
            throw Refusal.of(e);
        }
    }

    private BuildId build(ServerRequest request) {
        var id = request.path().pathParameters().get("build");
        return builds.find(id)
                .map(Build::id)
                .orElseThrow(() -> Refusal.notFound("build", id, "'ifaas requests' lists those that can be decided."));
    }
}
