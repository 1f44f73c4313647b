package org.ifaas.factory.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BuildsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryAuditLog audit = new InMemoryAuditLog(() -> NOW);
    private final List<BuildId> queued = new ArrayList<>();
    private final TestStages stages = new TestStages();
    private final Builds builds = new Builds(journal, queued::add, stages.pipelines(), audit, () -> NOW);

    @Test
    void whoeverAsksCancelsOrRetriesIsInTheAuditLog() throws Exception {
        var id = builds.request(Parameters.of("tiny"), "anna").id();
        builds.cancel(id, "bea");
        journal.end(journal.take(id, NOW), BuildState.CANCELLED, null, NOW);
        builds.retry(id, StageName.TEST_IMAGE, "carl");
        assertThat(audit.said())
                .containsExactly("anna build-asked " + id, "bea build-cancelled " + id, "carl build-retried " + id);
        assertThat(audit.list(1, null).getFirst().details()).containsEntry("from", "test-image");
        assertThat(queued).hasSize(3);
    }

    @Test
    void askedTwiceAtOnceWithOneKeyItIsOneBuild() {
        var other = new ArrayList<Build>();
        var racing = new Builds(journal, queued::add, stages.pipelines(), audit, () -> {
            other.add(builds.request(Parameters.of("tiny"), "anna", "key"));
            return NOW;
        });
        assertThat(racing.request(Parameters.of("tiny"), "anna", "key")).isEqualTo(other.getFirst());
        assertThat(journal.list(BuildSelection.ALL, 10)).hasSize(1);
    }

    @Test
    void whoKeepsAHostAndForHowLongIsThereToo() {
        var id = builds.request(Parameters.of("tiny"), "anna").id();
        builds.keepHost(id, Duration.ofHours(4), "bea");
        assertThat(audit.list(1, null).getFirst().details()).containsEntry("for", "PT4H");
        builds.keepHost(id, null, "carl");
        assertThat(audit.said())
                .containsExactly("anna build-asked " + id, "bea host-kept " + id, "carl host-kept " + id);
        assertThat(audit.list(1, null).getFirst().details()).containsEntry("for", "not at all");
    }

    @Test
    void aRetryThatIsRefusedIsNoDecision() {
        var id = builds.request(Parameters.of("tiny"), "anna").id();
        assertThatThrownBy(() -> builds.retry(id, null, "bea")).isInstanceOf(IllegalStateException.class);
        assertThat(audit.said()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = StageName.class,
            names = {"INITIALIZE", "BUILD_IMAGE", "TEST_IMAGE", "SIGN_IMAGE", "HASH_IMAGE"})
    void whatIsPublicIsNotMadeAgain(StageName from) {
        var id = sealed();
        stages.isPublic(id);
        assertThatThrownBy(() -> builds.retry(id, from, "bea"))
                .isInstanceOf(StageFailure.class)
                .hasMessage("its release is public");
        assertThat(journal.find(id).orElseThrow().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(journal.facts(id).has(TestStages.Sealed.class)).isTrue();
        assertThat(audit.said()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = StageName.class,
            names = {"COPY_TO_REGIONS", "REQUEST_PUBLICATION", "CLEAN_UP"})
    void whatIsPublicIsCopiedAndAskedForAgain(StageName from) throws Exception {
        var id = sealed();
        stages.isPublic(id);
        assertThat(builds.retry(id, from, "bea").state()).isEqualTo(BuildState.QUEUED);
        assertThat(journal.facts(id).has(TestStages.Sealed.class)).isTrue();
    }

    @Test
    void whatIsNotPublicIsSealedAnew() throws Exception {
        var id = sealed();
        builds.retry(id, StageName.SIGN_IMAGE, "bea");
        assertThat(journal.facts(id).has(TestStages.Sealed.class)).isFalse();
    }

    private BuildId sealed() {
        var id = builds.request(Parameters.of("tiny"), "anna").id();
        var lease = journal.take(id, NOW);
        journal.done(lease, StageName.BUILD_IMAGE, new TestStages.Built(), null, NOW);
        journal.done(lease, StageName.SIGN_IMAGE, new TestStages.Sealed(), null, NOW);
        journal.end(lease, BuildState.SUCCEEDED, null, NOW);
        return id;
    }
}
