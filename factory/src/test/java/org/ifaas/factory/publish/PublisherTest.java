package org.ifaas.factory.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.publish.PublicationRequest.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublisherTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryRequests requests = new InMemoryRequests(journal);
    private final InMemoryAuditLog audit = new InMemoryAuditLog(() -> NOW);
    private final Publisher publisher = new Publisher(
            requests,
            new Registries(List.of()),
            true,
            new Certification(
                    journal,
                    new InMemoryConfirmations(),
                    requests,
                    new PlainArtifactStore(Path.of("none")),
                    audit,
                    1,
                    () -> NOW),
            audit,
            () -> NOW);

    private BuildId requestOf(String requester) {
        var id = BuildId.random();
        journal.create(id, Parameters.of("tiny"), requester, NOW);
        requests.create(
                journal.take(id, NOW),
                new PublicationRequest(
                        id,
                        "tiny",
                        "s1",
                        "Tiny",
                        "ab",
                        List.of(),
                        requester,
                        State.PENDING,
                        NOW,
                        null,
                        null,
                        null,
                        null));
        return id;
    }

    @Test
    void approvalAndPublicationAreInTheAuditLog() throws Exception {
        var id = requestOf("anna");
        publisher.approve(id, "bea");
        assertThat(audit.said()).containsExactly("bea publication-approved " + id, "bea published " + id);
        assertThat(audit.list(1, null).getFirst().details())
                .containsEntry("image", "tiny")
                .containsEntry("sha256", "ab");
    }

    @Test
    void aRejectionIsThereWithItsReason() throws Exception {
        var id = requestOf("anna");
        publisher.reject(id, "bea", "too old");
        assertThat(audit.said()).containsExactly("bea publication-rejected " + id);
        assertThat(audit.list(1, null).getFirst().details()).containsEntry("reason", "too old");
    }

    @ParameterizedTest
    @CsvSource({
        "anna, anna",
        "anna, Anna",
        "anna@example.org, anna",
        "anna@example.org, anna@example.org",
        "anna, anna@example.org"
    })
    void whoeverAskedForItOrWroteItsCommitCannotApproveIt(String requester, String by) {
        var id = requestOf(requester);
        assertThatThrownBy(() -> publisher.approve(id, by)).isInstanceOf(Publisher.Refused.class);
        assertThat(audit.said()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"anna@example.org, bea", "anna@example.org, anna@example.net", "schedule, bea"})
    void everybodyElseCan(String requester, String by) throws Exception {
        assertThat(publisher.approve(requestOf(requester), by).how()).isEqualTo("four-eyes");
    }
}
