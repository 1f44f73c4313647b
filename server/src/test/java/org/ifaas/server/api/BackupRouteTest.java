package org.ifaas.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ifaas.api.StatusView;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.junit.jupiter.api.Test;

class BackupRouteTest {
    private static final StatusView STATUS = new StatusView("1", "/home", "none", 0, 0, 1, List.of());

    private static HttpResponse<byte[]> backup(SystemRoutes.Backup backup) throws IOException, InterruptedException {
        var routes = new SystemRoutes(
                () -> STATUS, cloud -> List.of(), backup, () -> {}, new InMemoryAuditLog(InstantSource.system()));
        try (var api = Api.start(0, Callers.local("token", "anna"), Map.of("", routes));
                var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/api/v1/backup"))
                    .header("Authorization", "Bearer token")
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static byte[] megabyte() {
        var bytes = new byte[1 << 20];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aWholeBackupArrives() throws Exception {
        assertThat(backup(out -> out.write(megabyte())).body()).isEqualTo(megabyte());
    }

    @Test
    void oneThatBreaksOffDoesNotLookWhole() {
        assertThatThrownBy(() -> backup(out -> {
                    out.write(megabyte());
                    out.write(megabyte());
                    throw new IOException("the database is gone");
                }))
                .isInstanceOf(IOException.class);
    }

    @Test
    void oneThatCannotBeginIsAnError() throws Exception {
        var answer = backup(out -> {
            throw new IOException("the database is gone");
        });
        assertThat(answer.statusCode()).isEqualTo(500);
    }
}
