package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.definition.ImageDefinition;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageHashed;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.host.HostKind;
import org.ifaas.factory.image.Digests;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.pipeline.Build;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.InMemoryLogs;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageContext;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.pipeline.StageName;
import org.ifaas.factory.signing.Sealer;
import org.ifaas.factory.source.Repository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignImageTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String FOLDER = "releases/tiny/20261122-k3f9x2ma";
    private static final String IMAGE = "files/Tiny-20261122-k3f9x2ma.qcow2";
    private static final String RESULTS = "files/test-results/results.xml";

    @TempDir
    Path folder;

    private final List<Sealer.Contents> sealed = new ArrayList<>();
    private final InMemoryLogs logs = new InMemoryLogs();
    private ArtifactStore store;
    private SignImage stage;

    @BeforeEach
    void aTestedImage() throws Exception {
        store = new PlainArtifactStore(folder);
        write(FOLDER + "/files/packages.tsv", "bash\t5.2\tamd64\tbash\n");
        stage = new SignImage(new PlainAttester(), new PlainSealer(), store, logs);
    }

    @Test
    void theSbomLiesThereBeforeTheSealSoThatTheSealCoversIt() throws Exception {
        stage.run(context());

        assertThat(sealed)
                .containsExactly(new Sealer.Contents(
                        Map.of(IMAGE, image().measured()), List.of(IMAGE, RESULTS), "provenance of k3f9x2ma"));
        assertThat(Files.readString(store.path(FOLDER + "/files/sbom.cdx.json")))
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

        assertThat(store.path(FOLDER + "/files/logs/07-build-image.log")).hasContent("this is Build image");
        assertThat(store.path(FOLDER + "/files/logs/09-test-image.log")).hasContent("this is Test image");
        assertThat(store.path(FOLDER + "/files/logs")).isDirectoryNotContaining("glob:**02-*");
    }

    @Test
    void theFactNamesTheKeyThatSealedItRatherThanTheOneThatStageOneSaw() throws Exception {
        assertThat(stage.run(context()))
                .isEqualTo(new ReleaseSealed(
                        FOLDER,
                        "the digest",
                        "THE NEW KEY",
                        NOW,
                        List.of(FOLDER + "/files/sbom.cdx.json", FOLDER + "/provenance.intoto.json")));
    }

    @Test
    void aSealHoldsAsLongAsItsSignatureAndDocumentsLieThere() throws Exception {
        var fact = stage.run(context());
        write(FOLDER + "/SHA256SUMS.asc", "signature");
        write(FOLDER + "/provenance.intoto.json", "provenance");
        assertThat(stage.holds(fact, context())).isTrue();

        store.delete(FOLDER + "/files/sbom.cdx.json");
        assertThat(stage.holds(fact, context())).isFalse();
    }

    @Test
    void aSealOfAnOlderFactoryHoldsWithoutThem() throws Exception {
        write(FOLDER + "/SHA256SUMS.asc", "signature");
        assertThat(stage.holds(new ReleaseSealed(FOLDER, "the digest", "KEY", NOW, List.of()), context()))
                .isTrue();
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
                FOLDER + "/" + IMAGE,
                new Measured(1, new Digests("1", "2", "3")),
                1,
                FOLDER + "/files/packages.tsv",
                1,
                NOW,
                NOW);
    }

    private static Inputs inputs() {
        return new Inputs(
                new Repository.Resolved("tiny", "shipped", "images/tiny", "c", "a@example.org", true),
                new ImageDefinition(
                        "tiny",
                        "Tiny",
                        "script",
                        "Tiny",
                        "build",
                        new ImageDefinition.Os("debian", "12", "", "root"),
                        "amd64",
                        ImageDefinition.Firmware.BIOS,
                        new ImageDefinition.Sizes(64, 1, 128),
                        "zlib",
                        "o@example.org",
                        List.of(),
                        new ImageDefinition.Tests("none", List.of(), 60, false, List.of()),
                        Map.of(),
                        "monthly",
                        List.of(),
                        false,
                        Map.of(),
                        null,
                        List.of(),
                        List.of()),
                "20261122-k3f9x2ma",
                "Tiny_20261122-k3f9x2ma",
                FOLDER,
                List.of("region-a"),
                List.of(),
                "d",
                Map.of(),
                HostKind.QEMU,
                "",
                NOW,
                "THE OLD KEY",
                null);
    }

    private StageContext context() {
        var facts = new Facts(List.of(
                inputs(),
                image(),
                new ImageTested(false, 1, 0, "TCG", 1, Map.of(), List.of(FOLDER + "/" + RESULTS), List.of()),
                new ImageHashed(null, 0)));
        var build = new Build(
                new BuildId("k3f9x2ma"),
                Parameters.of("tiny"),
                "anna",
                BuildState.RUNNING,
                1,
                NOW,
                NOW,
                null,
                null,
                false);
        return new Standing(build, facts, folder);
    }
}
