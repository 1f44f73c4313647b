package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.InMemoryLogs;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.publish.InMemoryRequests;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.publish.RegionState;
import org.ifaas.factory.publish.SignedApproval;
import org.ifaas.factory.signing.Sealer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignImageTest {
    private static final String IMAGE = "files/Tiny-20261122-k3f9x2ma.qcow2";
    private static final String RESULTS = "files/test-results/results.xml";

    @TempDir
    Path folder;

    private final List<Sealer.Contents> sealed = new ArrayList<>();
    private final InMemoryLogs logs = new InMemoryLogs();
    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryRequests requests = new InMemoryRequests(journal);
    private ArtifactStore store;
    private SignImage stage;

    @BeforeEach
    void aTestedImage() throws Exception {
        store = new PlainArtifactStore(folder);
        write(Tiny.RELEASE + "/files/packages.tsv", "bash\t5.2\tamd64\tbash\n");
        stage = new SignImage(new PlainAttester(), new PlainSealer(), store, logs, requests);
    }

    @Test
    void theSbomLiesThereBeforeTheSealSoThatTheSealCoversIt() throws Exception {
        stage.run(context());

        assertThat(sealed)
                .containsExactly(new Sealer.Contents(
                        Map.of(IMAGE, image().measured()), List.of(IMAGE, RESULTS), "provenance of k3f9x2ma"));
        assertThat(Files.readString(store.path(Tiny.RELEASE + "/files/sbom.cdx.json")))
                .isEqualTo("sbom of bash 5.2");
    }

    @Test
    void theLogsOfTheStagesThatMadeTheImageAreFilesOfTheRelease() throws Exception {
        var build = context().build();
        for (var stage : List.of(StageName.SPAWN_BUILD_HOST, StageName.BUILD_IMAGE, StageName.TEST_IMAGE)) {
            try (var log = logs.open(build.id(), build.attempt(), stage)) {
                log.line("this is " + stage.title());
            }
        }

        stage.run(context());

        assertThat(store.path(Tiny.RELEASE + "/files/logs/07-build-image.log")).hasContent("this is Build image");
        assertThat(store.path(Tiny.RELEASE + "/files/logs/09-test-image.log")).hasContent("this is Test image");
        assertThat(store.path(Tiny.RELEASE + "/files/logs")).isDirectoryNotContaining("glob:**02-*");
    }

    @Test
    void theFactNamesTheKeyThatSealedItRatherThanTheOneThatStageOneSaw() throws Exception {
        assertThat(stage.run(context()))
                .isEqualTo(new ReleaseSealed(
                        Tiny.RELEASE,
                        "the digest",
                        "THE NEW KEY",
                        Standing.NOW,
                        List.of(Tiny.RELEASE + "/files/sbom.cdx.json", Tiny.RELEASE + "/provenance.intoto.json")));
    }

    @Test
    void aSealHoldsAsLongAsItsSignatureAndDocumentsLieThere() throws Exception {
        var fact = stage.run(context());
        write(Tiny.RELEASE + "/SHA256SUMS.asc", "signature");
        write(Tiny.RELEASE + "/provenance.intoto.json", "provenance");
        assertThat(stage.holds(fact, context())).isTrue();

        store.delete(Tiny.RELEASE + "/files/sbom.cdx.json");
        assertThat(stage.holds(fact, context())).isFalse();
    }

    @Test
    void aSealOfAnOlderFactoryHoldsWithoutThem() throws Exception {
        write(Tiny.RELEASE + "/SHA256SUMS.asc", "signature");
        assertThat(stage.holds(
                        new ReleaseSealed(Tiny.RELEASE, "the digest", "KEY", Standing.NOW, List.of()), context()))
                .isTrue();
    }

    @Test
    void whatWasPublicOnceIsNotSealedAnew() throws Exception {
        var lease = journal.take(
                journal.create(Tiny.ID, Parameters.of("tiny"), "anna", Standing.NOW)
                        .id(),
                Standing.NOW);
        requests.create(
                lease,
                PublicationRequest.pending(
                        Tiny.ID,
                        "tiny",
                        Tiny.SERIAL,
                        "Tiny",
                        "2",
                        List.of(new ImageRef("region-a", "1")),
                        "anna",
                        Standing.NOW));
        requests.approve(
                Tiny.ID, new SignedApproval("{}", "KEY", Standing.NOW, Standing.NOW, "nonce"), "bea", "four-eyes");
        stage.checkReplaceable(Tiny.ID);

        requests.region(Tiny.ID, "nonce", "region-a", RegionState.PUBLISHED, null, Standing.NOW);
        var stays = catchThrowableOfType(StageFailure.class, () -> stage.checkReplaceable(Tiny.ID));
        assertThat(stays).hasMessage("its release was made public, and stays as it is byte for byte");
        assertThat(stays.mend())
                .contains(
                        "'ifaas retry k3f9x2ma'",
                        "'ifaas build tiny --force'",
                        "'ifaas resign tiny/" + Tiny.SERIAL + "'");
        assertThatThrownBy(() -> stage.run(context())).hasMessage(stays.getMessage());
        assertThat(sealed).isEmpty();

        requests.approve(
                Tiny.ID, new SignedApproval("{}", "KEY", Standing.NOW, Standing.NOW, "anew"), "eve", "four-eyes");
        assertThatThrownBy(() -> stage.checkReplaceable(Tiny.ID))
                .as("it was public before it was approved anew, and no region has it any more")
                .hasMessage(stays.getMessage());
    }

    private final class PlainSealer implements Sealer {
        @Override
        public Seal seal(Path release, Contents contents, StageLog log) {
            assertThat(release.resolve("files/sbom.cdx.json")).exists();
            sealed.add(contents);
            return new Seal("the digest", "THE NEW KEY");
        }

        @Override
        public Seal reseal(Path release, Standing standing, StageLog log) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void state(Path release, String name, String statement, StageLog log) {
            throw new UnsupportedOperationException();
        }
    }

    private void write(String key, String text) throws Exception {
        try (var out = store.create(key)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static ImageBuilt image() {
        return new ImageBuilt(
                Tiny.RELEASE + "/" + IMAGE,
                new Measured(1, new Digests("1", "2", "3")),
                1,
                Tiny.RELEASE + "/files/packages.tsv",
                1,
                Standing.NOW,
                Standing.NOW,
                List.of());
    }

    private StageContext context() {
        var facts = new Facts(List.of(
                Tiny.inputs("region-a"),
                image(),
                new ImageTested(false, 1, 0, "TCG", 1, Map.of(), List.of(Tiny.RELEASE + "/" + RESULTS), List.of()),
                new ImageHashed(null, 0)));
        return new Standing(Tiny.build(), facts, folder);
    }
}
