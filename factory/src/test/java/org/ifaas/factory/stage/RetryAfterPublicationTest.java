package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ifaas.factory.artifact.ArtifactStore;
import org.ifaas.factory.artifact.PlainArtifactStore;
import org.ifaas.factory.fact.ImageBuilt;
import org.ifaas.factory.fact.ImageCopied;
import org.ifaas.factory.fact.ImageRegistered;
import org.ifaas.factory.fact.ImageTested;
import org.ifaas.factory.fact.PublicationRequested;
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.image.Converter;
import org.ifaas.factory.image.ImageRef;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.NewImage;
import org.ifaas.factory.image.NoConverter;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.Parameters;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.publish.InMemoryRequests;
import org.ifaas.factory.publish.PublicationPolicy;
import org.ifaas.factory.publish.PublicationRequest;
import org.ifaas.factory.signing.Sealer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a retry finds in the regions, and what it leaves there. */
class RetryAfterPublicationTest {
    private static final byte[] IMAGE = "the image".getBytes(StandardCharsets.UTF_8);
    private static final String KEY = Tiny.RELEASE + "/files/tiny.qcow2";
    private static final Converter NEVER = new NoConverter();

    @TempDir
    Path folder;

    private final InMemoryRegistry home = new InMemoryRegistry("home", () -> Standing.NOW);
    private final InMemoryRegistry south = new InMemoryRegistry("south", () -> Standing.NOW);
    private final Registries registries = new Registries(List.of(home, south));
    private final InMemoryJournal journal = new InMemoryJournal();
    private final InMemoryRequests requests = new InMemoryRequests(journal);
    private ArtifactStore store;
    private ImageRegistered registered;
    private ImageCopied copied;

    @BeforeEach
    void aBuildWhoseImageIsInTwoRegions() throws Exception {
        store = new PlainArtifactStore(folder.resolve("store"));
        store.create(KEY, out -> out.write(IMAGE));
        Files.createDirectory(folder.resolve("build"));
        registered = register();
        copied = copy();
    }

    @Test
    void whatIsPublicStaysUnderItsIdAndALostCopyIsMadeAnew() throws Exception {
        publish();
        south.delete(copied.images().getFirst().id());
        assertThat(register().image()).isEqualTo(registered.image());
        assertThat(home.list())
                .singleElement()
                .satisfies(image -> assertThat(image.visibility()).isEqualTo("public"));
        assertThat(copy().images()).doesNotContainAnyElementsOf(copied.images());
        assertThat(south.list()).singleElement().satisfies(image -> {
            assertThat(image.name()).isEqualTo("tiny " + Tiny.SERIAL);
            assertThat(image.visibility()).isEqualTo("private");
        });
    }

    @Test
    void aHomeRegionThatIsDownSparesTheOthersOnceTheReleaseIsSealed() throws Exception {
        var stage = new RegisterPrivateImage(registries, store, NEVER, new PlainMeasurer(), requests);
        var first = new Facts(List.of(built()));
        var retry = new Facts(List.of(built(), sealed()));
        assertThat(stage.sparesOthers(Blame.CLOUD, first)).isFalse();
        assertThat(stage.sparesOthers(Blame.CLOUD, retry)).isTrue();
        assertThat(stage.sparesOthers(Blame.FACTORY, retry)).isFalse();
    }

    @Test
    void onlyForAnotherCopyIsWhatIsPublicAskedForAgain() throws Exception {
        publish();
        assertThat(request().why()).isEqualTo("is public already");
        south.delete(copied.images().getFirst().id());
        copied = copy();
        assertThat(request().why()).startsWith("waits to be approved");
        assertThat(requests.find(Tiny.ID).orElseThrow().images()).isEqualTo(asked());
    }

    private PublicationRequested request() throws Exception {
        var tested = new ImageTested(false, 1, 0, "TCG", 1, Map.of(), List.of(), List.of());
        return new RequestPublication(
                        requests, new PlainAttester(), new NoSealer(), store, PublicationPolicy.defaults())
                .run(context(false, built(), registered, copied, sealed(), tested));
    }

    private static ReleaseSealed sealed() {
        return new ReleaseSealed(Tiny.RELEASE, "digest", "KEY", Standing.NOW, List.of());
    }

    /** All regions store the image as it was built. */
    private static final class NoSealer implements Sealer {
        @Override
        public Seal seal(Path release, Contents contents, StageLog log) {
            throw new UnsupportedOperationException();
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

    @Test
    void whatWasAskedForWithOtherBytesIsNotTheImage() throws Exception {
        publish();
        store.create(KEY, out -> out.write("another image".getBytes(StandardCharsets.UTF_8)));
        assertThat(register().image()).isNotEqualTo(registered.image());
    }

    @Test
    void privateImagesInWhosePlaceOthersCameGoAndNothingElse() throws Exception {
        var replaced = duplicate(south, "tiny " + Tiny.SERIAL);
        var other = duplicate(south, "tiny 20261122-aaaaaaaa");
        var made = duplicate(south, "tiny " + Tiny.SERIAL);
        south.update(made, "tiny " + Tiny.SERIAL, "public", false);
        cleanUp(built(), registered, copied);
        assertThat(ids(south))
                .containsExactlyInAnyOrder(copied.images().getFirst().id(), other, made)
                .doesNotContain(replaced);
        assertThat(ids(home)).containsExactly(registered.image().id());
    }

    @Test
    void theCopiesOfAPartialBuildStayAlthoughNoFactNamesThem() throws Exception {
        var replaced = duplicate(home, "tiny " + Tiny.SERIAL);
        cleanUp(built(), registered);
        assertThat(ids(home)).containsExactly(registered.image().id()).doesNotContain(replaced);
        assertThat(ids(south)).containsExactly(copied.images().getFirst().id());
    }

    @Test
    void aBuildThatFailsKeepsNoImageUnlessItIsPublicOrAskedFor() throws Exception {
        publish();
        failed(built(), registered, copied);
        assertThat(ids(south)).containsExactly(copied.images().getFirst().id());
        assertThat(ids(home)).containsExactly(registered.image().id());

        requests.tamper(
                PublicationRequest.pending(Tiny.ID, "tiny", Tiny.SERIAL, "Tiny", "2", asked(), "anna", Standing.NOW));
        duplicate(south, "tiny " + Tiny.SERIAL);
        failed(built(), registered, copied);
        assertThat(ids(south)).containsExactly(copied.images().getFirst().id());

        requests.decide(
                Tiny.ID,
                PublicationRequest.State.PENDING,
                PublicationRequest.State.REJECTED,
                "bea",
                null,
                "not this one",
                Standing.NOW);
        failed(built(), registered, copied);
        assertThat(ids(south)).isEmpty();
        assertThat(ids(home)).as("made public by hand").hasSize(1);
    }

    private void publish() throws Exception {
        journal.create(Tiny.ID, Parameters.of("tiny"), "anna", Standing.NOW);
        requests.create(
                journal.take(Tiny.ID, Standing.NOW),
                PublicationRequest.pending(
                        Tiny.ID,
                        "tiny",
                        Tiny.SERIAL,
                        "Tiny",
                        PlainMeasurer.of(IMAGE).digests().sha256(),
                        asked(),
                        "anna",
                        Standing.NOW));
        decide(PublicationRequest.State.PUBLISHED);
        home.update(registered.image().id(), "Tiny_latest", "public", false);
    }

    private void decide(PublicationRequest.State to) {
        requests.decide(Tiny.ID, PublicationRequest.State.PENDING, to, "bea", null, null, Standing.NOW);
    }

    private List<ImageRef> asked() {
        return List.of(registered.image(), copied.images().getFirst());
    }

    private String duplicate(InMemoryRegistry region, String name) throws Exception {
        var bytes = (name + region.list().size()).getBytes(StandardCharsets.UTF_8);
        var file = Files.write(Files.createTempFile(folder, "other", ""), bytes);
        return region.register(new NewImage(name, file, PlainMeasurer.of(bytes), Map.of()), line -> {})
                .ref()
                .id();
    }

    private static List<String> ids(InMemoryRegistry region) {
        return region.list().stream().map(RegionImage::ref).map(ImageRef::id).toList();
    }

    private ImageRegistered register() throws Exception {
        return new RegisterPrivateImage(registries, store, NEVER, new PlainMeasurer(), requests)
                .run(context(false, built()));
    }

    private ImageCopied copy() throws Exception {
        return new CopyToRegions(registries, store, NEVER, new PlainMeasurer(), requests).run(context(false, built()));
    }

    private void cleanUp(Fact... facts) throws Exception {
        stage().run(context(false, facts));
    }

    private void failed(Fact... facts) throws Exception {
        stage().run(context(true, facts));
    }

    private CleanUp stage() {
        return new CleanUp(
                new Instances(List.of()), Handovers.overSsh(), registries, store, requests, new Names("abc123"));
    }

    private ImageBuilt built() throws Exception {
        return new ImageBuilt(
                KEY,
                PlainMeasurer.of(Files.readAllBytes(store.path(KEY))),
                4096,
                Tiny.RELEASE + "/files/packages.tsv",
                1,
                Standing.NOW,
                Standing.NOW,
                List.of());
    }

    private Standing context(boolean failed, Fact... facts) {
        var all = new ArrayList<>(List.of(facts));
        all.add(Tiny.inputs("home", "south"));
        return new Standing(Tiny.build(), new Facts(all), folder.resolve("build"), failed);
    }
}
