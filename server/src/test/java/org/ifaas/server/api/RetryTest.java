package org.ifaas.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Builds;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.pipeline.TestStages;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void whoever_would_seal_a_public_release_anew_is_told_what_to_do_instead() {
        var journal = new InMemoryJournal();
        var stages = new TestStages();
        var builds = new Builds(journal, id -> {}, stages.pipelines(), new InMemoryAuditLog(() -> NOW), () -> NOW);
        var id = builds.request(Parameters.of("tiny"), "anna").id();
        var lease = journal.take(id, NOW);
        journal.done(lease, StageName.SIGN_IMAGE, new TestStages.Sealed(), null, NOW);
        journal.end(lease, BuildState.SUCCEEDED, null, NOW);
        stages.isPublic(id);
        var build = journal.find(id).orElseThrow();

        var refusal = catchThrowableOfType(
                Refusal.class, () -> BuildRoutes.retry(builds, build, StageName.SIGN_IMAGE, "bea"));
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal).hasMessage("its release is public");
        assertThat(refusal.view().field()).isEqualTo("from");
        assertThat(refusal.view().value()).isEqualTo("sign-image");
        assertThat(refusal.view().mend()).isEqualTo("Build anew.");
        assertThat(BuildRoutes.retry(builds, build, null, "bea").state()).isEqualTo(BuildState.QUEUED);
    }
}
