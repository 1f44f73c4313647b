package org.ifaas.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import org.ifaas.factory.audit.AuditEntry;
import org.ifaas.factory.fact.HostDestroyed;
import org.ifaas.factory.fact.HostSpawned;
import org.ifaas.factory.host.BuildHost;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.host.SshKey;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.store.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Build hosts on the machines of the factory's other nodes, asked for at this one. */
@ExtendWith(TestServer.Running.class)
class HostsElsewhereTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(3600);
    private final ConsoleServer server = new ConsoleServer(() -> NOW);
    private final Browser program = server.browser();
    private BuildId build;
    private String host;

    @BeforeEach
    void spawn() {
        build = BuildId.random();
        host = "ifaas-abc123-" + build + "-h1";
        var journal = server.store.journal();
        journal.create(build, Parameters.of("debian-12"), "anna", NOW);
        var key = new SshKey(Path.of("/on/node-2/key"), "ssh-ed25519 AAAA");
        var machine = new BuildHost(HostKind.QEMU, host, "127.0.0.1", 22, "root", null, "QEMU with KVM", NOW);
        journal.done(
                journal.take(build, NOW),
                StageName.SPAWN_BUILD_HOST,
                new HostSpawned(machine, key, "node-2"),
                null,
                NOW);
    }

    @AfterEach
    void stop() {
        program.close();
        server.close();
    }

    private void ended(Instant keptUntil) {
        var journal = server.store.journal();
        journal.end(journal.take(build, NOW), BuildState.FAILED, null, NOW);
        journal.record(build, new HostDestroyed(keptUntil), NOW);
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        return program.send(program.request("/api/v1" + path)
                .header("Authorization", "Bearer " + ConsoleServer.API_TOKEN)
                .method(method, BodyPublishers.noBody())
                .build());
    }

    @Test
    void they_are_listed_with_their_node_beside_this_ones() throws Exception {
        assertThat(ask("GET", "/hosts").body())
                .contains(OneHost.NAME, host, "QEMU with KVM, on node-2", "root@127.0.0.1");
        ended(LATER);
        assertThat(ask("GET", "/hosts").body()).contains(host, "\"keptUntil\":\"" + LATER);
    }

    @Test
    void one_that_is_gone_or_whose_time_is_over_is_not_there() throws Exception {
        ended(null);
        assertThat(ask("GET", "/hosts").body()).doesNotContain(host);
        server.store.journal().record(build, new HostDestroyed(NOW), NOW);
        assertThat(ask("GET", "/hosts").body()).doesNotContain(host);
        assertThat(ask("DELETE", "/hosts/" + host).statusCode()).isEqualTo(404);
    }

    @Test
    void one_that_is_kept_is_no_longer_when_it_is_to_be_destroyed() throws Exception {
        ended(LATER);
        var answer = ask("DELETE", "/hosts/" + host);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("on node-2");
        assertThat(server.store.journal().facts(build).get(HostDestroyed.class).keptUntil())
                .isEqualTo(NOW);
        assertThat(server.store.audit().list(1, null))
                .extracting(AuditEntry::action, AuditEntry::object)
                .containsExactly(tuple("host-destroyed", host));
    }

    @Test
    void one_that_a_build_uses_stays() throws Exception {
        assertThat(ask("DELETE", "/hosts/" + host).statusCode()).isEqualTo(409);
        assertThat(server.store.audit().list(100, null))
                .extracting(AuditEntry::action)
                .doesNotContain("host-destroyed");
    }
}
