package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.audit.InMemoryAuditLog;
import org.ifaas.factory.fact.ArtifactsRemoved;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ReleaseResigned;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.signing.Sealer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignAgainTest {
    private static final Measured IMAGE = new Measured(1, new Digests("1", "2", "3"));

    @TempDir
    Path folder;

    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryAuditLog audit = new InMemoryAuditLog(() -> Standing.NOW);
    private final BuildId release = Tiny.ID;
    private final List<String> statements = new ArrayList<>();
    private Sealer.Seal seal = new Sealer.Seal("the new digest", "NEW KEY");

    @BeforeEach
    void aReleaseThatSucceeded() throws Exception {
        journal.create(release, Parameters.of("tiny"), "anna", Standing.NOW);
        var lease = journal.take(release, Standing.NOW);
        journal.done(lease, StageName.INITIALIZE, Tiny.inputs("west"), null, Standing.NOW);
        var built = new ImageBuilt(Tiny.RELEASE + "/files/tiny.qcow2", IMAGE, 1, "p", 1, null, null, List.of());
        journal.done(lease, StageName.BUILD_IMAGE, built, null, Standing.NOW);
        var sealed = new ReleaseSealed(
                Tiny.RELEASE, "the digest", "OLD KEY", Standing.NOW.minus(Duration.ofDays(1)), List.of("sbom"));
        journal.done(lease, StageName.SIGN_IMAGE, sealed, null, Standing.NOW);
        var copied = new ImageCopied(
                List.of(), List.of(new Converted(DiskFormat.RAW, new Measured(9, new Digests("7", "8", "9")))));
        journal.done(lease, StageName.COPY_TO_REGIONS, copied, null, Standing.NOW);
        journal.end(lease, BuildState.SUCCEEDED, null, Standing.NOW);
    }

    @Test
    void theReleasesOwnBuildNamesTheNewKeyAndStaysAsItEnded() throws Exception {
        assertThat(sign(release).nothingToDo()).isNull();

        assertThat(journal.facts(release).get(ReleaseSealed.class))
                .isEqualTo(new ReleaseSealed(Tiny.RELEASE, "the new digest", "NEW KEY", Standing.NOW, List.of("sbom")));
        assertThat(journal.find(release).orElseThrow().state()).isEqualTo(BuildState.SUCCEEDED);
        assertThat(audit.list(1, null)).singleElement().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("release-resigned");
            assertThat(entry.object()).isEqualTo(release.value());
            assertThat(entry.details())
                    .containsEntry("key", "NEW KEY")
                    .containsEntry("key before", "OLD KEY")
                    .containsEntry("release", "tiny/20261122-k3f9x2ma");
        });
        assertThat(statements).containsExactly("raw: RAW of 2 in the new digest is 8");
    }

    @Test
    void oneThatTheKeyOfTodayHasSealedStaysAsItIs() throws Exception {
        seal = new Sealer.Seal("the digest", "OLD KEY");
        assertThat(sign(release).nothingToDo()).contains("tiny/20261122-k3f9x2ma", "OLD KEY");
        assertThat(audit.list(1, null)).isEmpty();
        assertThat(statements).containsExactly("raw: RAW of 2 in the digest is 8");
    }

    @Test
    void aBuildWithoutAReleaseIsTold() {
        var other = journal.create(BuildId.random(), Parameters.of("tiny"), "anna", Standing.NOW);
        var failure = catchThrowableOfType(StageFailure.class, () -> sign(other.id()));
        assertThat(failure.blame()).isEqualTo(Blame.IMAGE);
        assertThat(failure).hasMessageContaining(other.id().value());
    }

    @Test
    void oneWhoseArtifactsBeganToGoSinceItWasAskedForIsNotSigned() {
        journal.record(release, new ArtifactsRemoved(Standing.NOW, null, 3, 21, "older than 30 days"), Standing.NOW);
        var failure = catchThrowableOfType(StageFailure.class, () -> sign(release));
        assertThat(failure.blame()).isEqualTo(Blame.REQUEST);
        assertThat(failure).hasMessageContaining("the artifacts of build " + release + " were removed");
        assertThat(journal.facts(release).get(ReleaseSealed.class).keyFingerprint())
                .isEqualTo("OLD KEY");
        assertThat(statements).isEmpty();
    }

    private ReleaseResigned sign(BuildId of) throws Exception {
        var build = journal.create(BuildId.random(), Parameters.resign("tiny", of), "bea", Standing.NOW);
        journal.take(build.id(), Standing.NOW);
        return new SignAgain(journal, new PlainAttester(), new OneSeal(), new PlainArtifactStore(folder), audit)
                .run(new Standing(Tiny.build(build.id(), build.parameters(), 1), new Facts(List.of()), folder));
    }

    private final class OneSeal implements Sealer {
        @Override
        public Seal seal(Path release, Contents contents, StageLog log) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Seal reseal(Path where, Standing standing, StageLog log) {
            assertThat(standing)
                    .isEqualTo(new Standing(new Seal("the digest", "OLD KEY"), Map.of("files/tiny.qcow2", IMAGE)));
            return seal;
        }

        @Override
        public void state(Path where, String name, String statement, StageLog log) {
            statements.add(name + ": " + statement);
        }
    }
}
