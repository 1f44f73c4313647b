package org.ifaas.server.api;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.ifaas.api.CheckView;
import org.ifaas.api.StatusView;
import org.ifaas.factory.audit.AuditAction;
import org.ifaas.factory.audit.AuditLog;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/status}, {@code doctor}, {@code backup}, {@code shutdown}, {@code openapi.yaml}. */
public final class SystemRoutes implements HttpService {
    private final Supplier<StatusView> status;
    private final Doctor doctor;
    private final Backup backup;
    private final Runnable shutdown;
    private final AuditLog audit;

    /** Looks at this machine, or at one cloud. */
    @FunctionalInterface
    public interface Doctor {
        /** @param cloud null for this machine */
        List<CheckView> of(@Nullable String cloud);
    }

    /** Writes a back-up of the database. */
    @FunctionalInterface
    public interface Backup {
        void to(OutputStream out) throws IOException;
    }

    public SystemRoutes(Supplier<StatusView> status, Doctor doctor, Backup backup, Runnable shutdown, AuditLog audit) {
        this.audit = audit;
        this.status = status;
        this.doctor = doctor;
        this.backup = backup;
        this.shutdown = shutdown;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/status", (request, response) -> Json.send(request, response, status.get()))
                .get(
                        "/doctor",
                        (request, response) -> Json.send(
                                request,
                                response,
                                doctor.of(request.query().first("cloud").orElse(null))))
                .get("/backup", this::backup)
                .get("/openapi.yaml", SystemRoutes::describe)
                .post("/shutdown", (request, response) -> {
                    record(request, AuditAction.SHUTDOWN_ASKED);
                    Json.send(response, status.get());
                    Thread.ofPlatform().start(shutdown);
                });
    }

    private static void describe(ServerRequest request, ServerResponse response) throws IOException {
        try (var document = SystemRoutes.class.getResourceAsStream("/schemas/openapi.yaml")) {
            var text = new String(Objects.requireNonNull(document).readAllBytes(), StandardCharsets.UTF_8);
            Json.send(request, response, "application/yaml", text);
        }
    }

    private void record(ServerRequest request, AuditAction action) {
        audit.record(Caller.of(request).name(), action, "factory", Map.of());
    }

    private void backup(ServerRequest request, ServerResponse response) throws IOException {
        record(request, AuditAction.BACKUP_TAKEN);
        response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
        try (var out = response.outputStream()) {
            backup.to(out);
        }
    }
}
