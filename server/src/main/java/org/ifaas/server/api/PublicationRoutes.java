package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ifaas.api.PublicationReport;
import org.ifaas.api.PublicationView;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.Publisher;
import org.ifaas.factory.publish.RegionState;
import org.ifaas.factory.signing.Sealer;
import org.ifaas.server.login.Right;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /api/v1/publications}: for the publisher beside a region. */
public final class PublicationRoutes implements HttpService {
    private static final Logger LOG = LoggerFactory.getLogger(PublicationRoutes.class);
    private static final int MOST_REASON = 2000;

    private final Publisher publisher;
    private final Builds builds;
    private final Journal journal;
    private final ArtifactStore store;
    private final Views views;

    public PublicationRoutes(Publisher publisher, Builds builds, Journal journal, ArtifactStore store, Views views) {
        this.publisher = publisher;
        this.builds = builds;
        this.journal = journal;
        this.store = store;
        this.views = views;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list).post("/{build}", this::report);
    }

    private void list(ServerRequest request, ServerResponse response) {
        var region = region(request, request.query().first("region").orElse(null));
        var images = Caller.of(request).images(Right.PUBLISH_IN_REGION);
        try {
            Json.send(
                    request,
                    response,
                    publisher.waiting(region).stream()
                            .filter(waiting -> images.has(waiting.image()))
                            .map(this::view)
                            .toList());
        } catch (Publisher.Refused e) {
            throw Refusal.of(e);
        }
    }

    private void report(ServerRequest request, ServerResponse response) {
        var report = Json.read(request, PublicationReport.class);
        var region = region(request, report.region());
        var id = request.path().pathParameters().get("build");
        var build = builds.find(id)
                .map(Build::id)
                .orElseThrow(() -> Refusal.notFound("build", id, "Ask again what waits for the region."));
        if (report.nonce() == null) {
            throw new Refusal(400, "is missing", "nonce", null, "Send the one of the approval.");
        }
        var reason = report.reason();
        var shown = reason == null || reason.length() <= MOST_REASON ? reason : reason.substring(0, MOST_REASON);
        try {
            Json.send(response, view(publisher.report(build, report.nonce(), region, state(report.state()), shown)));
        } catch (Publisher.Refused e) {
            throw Refusal.of(e);
        }
    }

    private static RegionState state(@Nullable String name) {
        return Arrays.stream(RegionState.values())
                .filter(state -> state != RegionState.WAITING && state.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        400, "is no state to report", "state", name, "Choose among VERIFIED, PUBLISHED, FAILED."));
    }

    /** A token is for its own region; only the administrator's has none. */
    private static String region(ServerRequest request, @Nullable String asked) {
        var own = Caller.of(request).region();
        if (own == null && asked == null) {
            throw new Refusal(400, "is missing", "region", null, "Name the region, or use a token of one.");
        }
        if (own != null && asked != null && !own.equals(asked)) {
            throw new Refusal(
                    403,
                    "the token is for region " + own,
                    "region",
                    asked,
                    "An administrator makes one for that region with 'ifaas tokens create'.");
        }
        return own == null ? String.valueOf(asked) : own;
    }

    private PublicationView view(PublicationRequest request) {
        var folder = journal.facts(request.id())
                .find(ReleaseSealed.class)
                .map(ReleaseSealed::folder)
                .orElse("");
        try {
            return new PublicationView(
                    views.request(request),
                    store.read(folder + "/SHA256SUMS"),
                    store.read(folder + "/SHA256SUMS.asc"),
                    statements(folder));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("release of build {}: SHA256SUMS can't be read: {}", request.id(), e.toString());
            return new PublicationView(views.request(request), null, null, null);
        }
    }

    private List<String> statements(String folder) throws IOException {
        var statements = new ArrayList<String>();
        for (var key : store.list(folder + "/" + Sealer.STATEMENTS)) {
            statements.add(store.read(key));
        }
        return statements;
    }
}
