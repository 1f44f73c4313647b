package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.ifaas.api.AuditVerdict;
import org.ifaas.api.AuditView;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.audit.AuditLog;

/** {@code /api/v1/audit}. */
public final class AuditRoutes implements HttpService {
    private static final String BEFORE = "before";

    private final AuditLog audit;

    public AuditRoutes(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list).get("/verify", this::verify);
    }

    private void list(ServerRequest request, ServerResponse response) {
        int limit = Page.limit(request);
        int before = Numbers.of(
                BEFORE,
                request.query().first(BEFORE).orElse(Integer.toString(Integer.MAX_VALUE)),
                1,
                Integer.MAX_VALUE);
        var page = Page.of(
                audit.list(limit + 1, (long) before),
                limit,
                BEFORE,
                last -> Long.toString(last.number()),
                request,
                response);
        Json.send(request, response, page.stream().map(AuditRoutes::view).toList());
    }

    private void verify(ServerRequest request, ServerResponse response) {
        var known = request.query().first("head").orElse("");
        if (!known.isEmpty() && !known.matches("[0-9a-f]{64}")) {
            throw new Refusal(
                    400, "is no hash of an entry", "head", known, "Give the 64 hexadecimal digits that were noted.");
        }
        var verdict = audit.verify(known.isEmpty() ? null : known);
        var broken = verdict.broken();
        Json.send(
                request,
                response,
                new AuditVerdict(
                        verdict.whole(),
                        verdict.entries(),
                        verdict.head(),
                        broken == null ? null : broken.number(),
                        broken == null ? null : broken.why()));
    }

    private static AuditView view(AuditEntry entry) {
        return new AuditView(
                entry.number(),
                entry.at(),
                entry.who(),
                entry.action(),
                entry.object(),
                entry.details(),
                entry.previous(),
                entry.hash());
    }
}
