package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.ifaas.api.CheckView;
import org.ifaas.api.ReleaseView;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildSelection;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.Journal;
import org.ifaas.factory.signing.Verifier;

/** {@code /api/v1/releases}. */
public final class ReleaseRoutes implements HttpService {
    private final Journal journal;
    private final Views views;
    private final Verifier verifier;
    private final Builds builds;

    public ReleaseRoutes(Journal journal, Views views, Verifier verifier, Builds builds) {
        this.journal = journal;
        this.views = views;
        this.verifier = verifier;
        this.builds = builds;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list)
                .post("/{image}/{serial}/verify", this::verify)
                .post("/{image}/{serial}/resign", this::resign);
    }

    private void list(ServerRequest request, ServerResponse response) {
        var page = Page.asked(request, journal::find);
        var sealed = page.builds().with(ReleaseSealed.class);
        var found = page.of(journal.list(sealed, page.oneMore()), Build::id, response);
        Json.send(request, response, releases(found));
    }

    private List<ReleaseView> releases(List<Build> builds) {
        return builds.stream()
                .map(build -> views.release(build, journal.facts(build.id())))
                .filter(Objects::nonNull)
                .toList();
    }

    private ReleaseView release(ServerRequest request) {
        var image = Named.image(request);
        var serial = request.path().pathParameters().get("serial");
        var sealed = serial.equals("latest")
                ? journal.list(BuildSelection.of(image).with(ReleaseSealed.class), 1)
                : named(serial);
        return releases(sealed).stream()
                .filter(found -> found.image().equals(image)
                        && (serial.equals("latest") || found.serial().equals(serial)))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("release", image + "/" + serial, "'ifaas releases' lists them."));
    }

    private void requireThere(ReleaseView release) {
        if (release.removed() != null) {
            builds.find(release.build()).ifPresent(views::requireArtifacts);
        }
    }

    /** A serial is a date, the build's id and perhaps more (ADR 5). */
    private List<Build> named(String serial) {
        var parts = serial.split("-", 3);
        return parts.length < 2 ? List.of() : builds.find(parts[1]).stream().toList();
    }

    private void resign(ServerRequest request, ServerResponse response) {
        var release = release(request);
        requireThere(release);
        try {
            var user = Caller.of(request).name();
            var of = new BuildId(release.build());
            var key = IdempotencyKey.of(request);
            var build = key.isEmpty()
                    ? builds.resign(of, user)
                    : IdempotencyKey.once(key, () -> builds.resign(of, user, key));
            response.header(HeaderNames.LOCATION, "/api/v1/builds/" + build.id());
            Json.send(response, 201, views.whole(build));
        } catch (IllegalStateException e) {
            throw new Refusal(409, String.valueOf(e.getMessage()), "release", release.id(), "Wait for its end.");
        }
    }

    private void verify(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        var release = release(request);
        requireThere(release);
        var folder = Path.of(release.folder());
        if (!Files.isDirectory(folder)) {
            throw Refusal.notInStore("there is no folder " + folder, "release", release.id());
        }
        // The journal says who has sealed it, a key that has been retired since as well. The folder's own key says
        // nothing.
        var sealedBy = Objects.requireNonNullElse(release.keyFingerprint(), "");
        var checks = verifier.verify(folder, sealedBy).stream()
                .map(ReleaseRoutes::view)
                .toList();
        Json.send(response, checks);
    }

    /** All that a failed check printed; of a good one nothing that its name doesn't say. */
    private static CheckView view(Verifier.Check check) {
        return check.passed()
                ? new CheckView(check.name(), "ok", "", null, check.command())
                : new CheckView(check.name(), "failed", check.output(), check.mend(), check.command());
    }
}
