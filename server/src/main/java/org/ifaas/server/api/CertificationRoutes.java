package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.publish.Certification;
import org.ifaas.factory.publish.Publisher;

/** {@code /api/v1/certification}: evidence is the body of the request as it is, all else its query. */
public final class CertificationRoutes implements HttpService {
    private final Certification certification;
    private final Builds builds;
    private final Views views;

    public CertificationRoutes(Certification certification, Builds builds, Views views) {
        this.certification = certification;
        this.builds = builds;
        this.views = views;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{build}", (request, response) -> Json.send(request, response, views.certification(build(request))))
                .post("/{build}/{step}", this::say);
    }

    private void say(ServerRequest request, ServerResponse response) throws IOException {
        var build = build(request);
        var step = request.path().pathParameters().get("step");
        try {
            certification.say(build, step, said(request), Caller.of(request).person());
            Json.send(response, views.certification(build));
        } catch (Publisher.Refused e) {
            throw Refusal.of(e);
        }
    }

    private static Certification.Said said(ServerRequest request) {
        var name = query(request, "name");
        var file = name.isEmpty() ? null : new Certification.File(name, Body.stream(request));
        return new Certification.Said(
                confirms(query(request, "decision")), query(request, "note"), query(request, "evidence"), file);
    }

    /** @throws Refusal when it is neither */
    public static boolean confirms(String decision) {
        if (!decision.equals("confirm") && !decision.equals("refuse")) {
            throw new Refusal(400, "is neither confirm nor refuse", "decision", decision, "Write one of them.");
        }
        return decision.equals("confirm");
    }

    private static String query(ServerRequest request, String name) {
        return request.query().first(name).orElse("").strip();
    }

    private BuildId build(ServerRequest request) {
        var id = request.path().pathParameters().get("build");
        return builds.find(id)
                .map(Build::id)
                .orElseThrow(() -> Refusal.notFound("build", id, "'ifaas requests' lists those that can be decided."));
    }
}
