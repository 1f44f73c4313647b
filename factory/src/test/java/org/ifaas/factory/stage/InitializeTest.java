package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.definition.ImageDefinition.Firmware;
import org.ifaas.factory.fact.Inputs;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.BuildId;
import org.ifaas.factory.pipeline.BuildState;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stage 1 refuses at once, rather than an hour later, and what it lets pass. */
class InitializeTest {
    @TempDir
    Path folder;

    private final Beginning beginning = new Beginning();
    private final InMemoryRegistry west = new InMemoryRegistry("west", () -> Standing.NOW);
    private final InMemoryRegistry east = new InMemoryRegistry("east", () -> Standing.NOW);
    private List<InMemoryRegistry> regions = List.of(west);
    private final List<String> log = new ArrayList<>();

    @Test
    void whatCanBeBuiltHereIsFixed() throws Exception {
        assertThat(run(true).regions()).containsExactly("west");
    }

    @Test
    void anImageThatCantBeBootedHereIsBuiltOnlyWithoutTests() throws Exception {
        beginning.firmware = Firmware.UEFI;
        var failure = refused(true);
        assertThat(failure).hasMessage("firmware: no uefi");
        assertThat(run(false).definition().firmware()).isEqualTo(Firmware.UEFI);
    }

    @Test
    void anArchitectureThatNothingHereCanBuildIsNamedWithItsBuilder() throws Exception {
        beginning.architecture = "arm64";
        var failure = refused(false);
        assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
        assertThat(failure)
                .hasMessage("architecture: CONTAINER hosts are amd64 here, and the builder script makes no image for"
                        + " arm64 on them");
        assertThat(failure.mend()).contains("cloud", "builder: script or import");
        beginning.crossBuilds = true;
        assertThat(run(false).definition().architecture()).isEqualTo("arm64");
    }

    @Test
    void aKeyringThatIsMissingNamesTheDistribution() {
        beginning.keyring = false;
        var failure = refused(true);
        assertThat(failure).hasMessage("os.distro: debian: the keyring of its archive is not on this machine");
        assertThat(failure.mend()).isEqualTo("Install it.");
    }

    @Test
    void anImageThatTheStoreMayHaveNoRoomForIsToldHowRoomIsMade() {
        beginning.diskMiB = Integer.MAX_VALUE;
        var failure = refused(true);
        assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
        assertThat(failure)
                .hasMessageMatching(
                        "sizes.disk_mib: the image may take 2147483647 MiB, and [0-9]+ are free in the artifact store");
        assertThat(failure.mend()).contains("'ifaas doctor'", "retention");
    }

    @Test
    void aRetryBuildsTheCommitThatWasTakenFirst() throws Exception {
        var first = run(true);
        assertThat(beginning.refs).containsExactly("main");
        run(true, first);
        assertThat(beginning.refs).containsExactly("main", first.source().commit());
    }

    @Test
    void aHomeRegionThatDoesNotAnswerEndsItAtOnce() {
        west.isDown(true);
        var failure = refused(true);
        assertThat(failure.blame()).isEqualTo(Blame.CLOUD);
        assertThat(failure).hasMessage("region west: does not answer");
        assertThat(failure.mend()).isEqualTo("Look at it.");
    }

    @Test
    void ofAnotherRegionThatDoesNotAnswerTheLogSaysWhatWillCome() throws Exception {
        east.isDown(true);
        regions = List.of(west, east);
        assertThat(run(true).regions()).containsExactly("west", "east");
        assertThat(log)
                .anySatisfy(line -> assertThat(line)
                        .contains("warning: region east: does not answer", "PARTIAL", "'ifaas retry'", "Look at it."));
    }

    @Test
    void whereNothingHasChangedOnlyWhoAsksForItOrWantsToLookAtAHostHasABuild() throws Exception {
        var first = run(true);
        isReleased(first);
        assertThat(run(true).unchangedSince()).isEqualTo("tiny/" + first.serial());
        assertThat(run(Beginning.parameters(true, null, true)).unchangedSince()).isNull();
        assertThat(run(Beginning.parameters(true, Duration.ofHours(4), false)).unchangedSince())
                .isNull();
    }

    private void isReleased(Inputs inputs) throws Exception {
        var id = BuildId.random();
        beginning.journal.create(id, Parameters.of("tiny"), "anna", Standing.NOW);
        var lease = beginning.journal.take(id, Standing.NOW);
        var sealed = new ReleaseSealed(inputs.releaseFolder(), "digest", "KEY", Standing.NOW, List.of());
        new PlainArtifactStore(folder).write(sealed.folder() + "/SHA256SUMS.asc", "signature");
        beginning.journal.done(lease, StageName.INITIALIZE, inputs, null, Standing.NOW);
        beginning.journal.done(lease, StageName.SIGN_IMAGE, sealed, null, Standing.NOW);
        beginning.journal.end(lease, BuildState.SUCCEEDED, "done", Standing.NOW);
    }

    private StageFailure refused(boolean tests) {
        return catchThrowableOfType(StageFailure.class, () -> run(tests));
    }

    private Inputs run(boolean tests, Fact... before) throws Exception {
        return run(Beginning.parameters(tests), before);
    }

    private Inputs run(Parameters parameters, Fact... before) throws Exception {
        var build = Tiny.build(parameters);
        return beginning
                .stage(new Registries(List.copyOf(regions)), new PlainArtifactStore(folder))
                .run(new Standing(build, new Facts(List.of(before)), folder, false, () -> {}, log::add));
    }
}
