package org.ifaas.server.api;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import java.util.Map;
import java.util.function.Supplier;
import org.ifaas.api.ConsoleView;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.ifaas.server.login.LocalAdmin;

/** {@code /api/v1/console}: where the console is, and the way in for whoever has lost the administrator's password. */
public final class ConsoleRoutes implements HttpService {
    private final Supplier<String> address;
    private final Supplier<String> newPassword;
    private final AuditLog audit;

    public ConsoleRoutes(Supplier<String> address, Supplier<String> newPassword, AuditLog audit) {
        this.audit = audit;
        this.address = address;
        this.newPassword = newPassword;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> Json.send(request, response, new ConsoleView(address.get(), null)))
                .post("/password", (request, response) -> {
                    audit.record(Caller.of(request).name(), AuditAction.PASSWORD_CHANGED, LocalAdmin.NAME, Map.of());
                    Json.send(response, new ConsoleView(address.get(), newPassword.get()));
                });
    }
}
