package org.ifaas.factory.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.ifaas.factory.fact.ReleaseSealed;
import org.ifaas.factory.handover.Handovers;
import org.ifaas.factory.host.Instances;
import org.ifaas.factory.image.Converted;
import org.ifaas.factory.image.Converter;
import org.ifaas.factory.image.DiskFormat;
import org.ifaas.factory.image.InMemoryRegistry;
import org.ifaas.factory.image.Measured;
import org.ifaas.factory.image.PlainMeasurer;
import org.ifaas.factory.image.RegionImage;
import org.ifaas.factory.image.Registries;
import org.ifaas.factory.pipeline.Blame;
import org.ifaas.factory.pipeline.Fact;
import org.ifaas.factory.pipeline.Facts;
import org.ifaas.factory.pipeline.InMemoryJournal;
import org.ifaas.factory.pipeline.Names;
import org.ifaas.factory.pipeline.StageFailure;
import org.ifaas.factory.pipeline.StageLog;
import org.ifaas.factory.publish.InMemoryRequests;
import org.ifaas.factory.publish.PublicationPolicy;
import org.ifaas.factory.signing.Sealer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Regions that want another disk format than images are built in. */
class OtherDiskFormatTest {
    private static final String KEY = Tiny.RELEASE + "/files/tiny.qcow2";
    private static final String TEMPORARY = "temporary/" + Tiny.ID;
    private static final byte[] IMAGE = bytes("the image");
    private static final byte[] DISK = bytes("its disk, byte by byte");

    @TempDir
    Path folder;

    private final InMemoryRegistry home = new InMemoryRegistry("home", DiskFormat.RAW, () -> Standing.NOW);
    private final InMemoryRegistry plain = new InMemoryRegistry("plain", () -> Standing.NOW);
    private final InMemoryRegistry ceph = new InMemoryRegistry("ceph", DiskFormat.RAW, () -> Standing.NOW);
    private final InMemoryRegistry ceph2 = new InMemoryRegistry("ceph2", DiskFormat.RAW, () -> Standing.NOW);
    private final Registries registries = new Registries(List.of(home, plain, ceph, ceph2));
    private final List<String> conversions = new ArrayList<>();
    private final List<String> statements = new ArrayList<>();
    private final InMemoryRequests requests = new InMemoryRequests(new InMemoryJournal());
    private byte[] disk = DISK;
    private ArtifactStore store;

    @BeforeEach
    void anImageInTheStore() throws IOException {
        store = new PlainArtifactStore(folder.resolve("store"));
        Files.createDirectory(folder.resolve("build"));
        store.create(KEY, out -> out.write(IMAGE));
    }

    @Test
    void theHomeRegionGetsTheConvertedFileAndTheFactKnowsWhatTheFactoryHasMeasured() throws Exception {
        var registered = register();
        assertThat(registered.converted()).isEqualTo(new Converted(DiskFormat.RAW, PlainMeasurer.of(DISK)));
        assertThat(registered.measured(built())).isEqualTo(PlainMeasurer.of(DISK));
        assertThat(home.find(registered.image().id())).get().satisfies(image -> {
            assertThat(image.diskFormat()).isEqualTo("raw");
            assertThat(image.size()).isEqualTo(DISK.length);
            assertThat(image.properties()).containsKeys("min_disk", "hw_disk_bus");
        });
    }

    @Test
    void allRegionsThatWantTheSameFormatShareOneConversion() throws Exception {
        var copied = copy();
        assertThat(conversions).containsExactly("tiny.qcow2 to RAW");
        assertThat(copied.converted()).containsExactly(new Converted(DiskFormat.RAW, PlainMeasurer.of(DISK)));
        assertThat(sizes(plain, ceph, ceph2))
                .containsExactly((long) IMAGE.length, (long) DISK.length, (long) DISK.length);
    }

    @Test
    void whatTheHomeRegionWasGivenIsTakenForTheOthersAndConvertedAgainWhereItIsGone() throws Exception {
        var registered = register();
        copy(registered);
        assertThat(conversions).hasSize(1);

        Files.delete(store.path(TEMPORARY + "/image.raw"));
        copy(registered);
        assertThat(conversions).hasSize(2);

        Files.delete(store.path(TEMPORARY + "/image.raw"));
        disk = bytes("another disk");
        var failure = catchThrowableOfType(StageFailure.class, () -> copy(registered));
        assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
        assertThat(failure)
                .hasMessageContaining(PlainMeasurer.of(DISK).digests().sha256());
    }

    @Test
    void whatACrashHasLeftIsConvertedAgain() throws Exception {
        store.write(TEMPORARY + "/image.raw", "half a");
        store.write(TEMPORARY + "/image.raw.unfinished", "half a");
        assertThat(register().measured(built())).isEqualTo(PlainMeasurer.of(DISK));
    }

    @Test
    void anotherFileThanWasBuiltMeetsNoTool() throws Exception {
        store.create(KEY, out -> out.write(bytes("with a backing file")));
        var failure = catchThrowableOfType(StageFailure.class, this::register);
        assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
        assertThat(failure).hasMessageContaining("no longer what was measured");
        assertThat(conversions).isEmpty();
    }

    @Test
    void aConversionThatFailsKeepsNoOtherRegionFromItsCopy() throws Exception {
        disk = new byte[0];
        var failure = catchThrowableOfType(StageFailure.class, this::copy);
        assertThat(failure.blame()).isEqualTo(Blame.FACTORY);
        assertThat(failure).hasMessage("2 of 3 regions have no copy: no space");
        assertThat(sizes(plain, ceph, ceph2)).containsExactly((long) IMAGE.length);
    }

    @Test
    void aStatementOfEachFormatIsSignedBesideTheSeal() throws Exception {
        var registered = register();
        request(registered, copy(registered));
        assertThat(statements)
                .containsExactly("raw: RAW of %s in the digest is %s"
                        .formatted(
                                PlainMeasurer.of(IMAGE).digests().sha256(),
                                PlainMeasurer.of(DISK).digests().sha256()));
        statements.clear();
        request(new ImageRegistered(registered.image(), "tiny", "sha512", "e", null), new ImageCopied(List.of(), null));
        assertThat(statements).isEmpty();
    }

    @Test
    void nothingConvertedStays() throws Exception {
        register();
        new CleanUp(new Instances(List.of()), Handovers.overSsh(), registries, store, requests, new Names("abc123"))
                .run(context(built()));
        assertThat(store.exists(TEMPORARY)).isFalse();
        assertThat(folder.resolve("build")).isEmptyDirectory();
    }

    private void convert(Path qcow2, DiskFormat format, Path to, StageLog log) throws StageFailure {
        assertThat(qcow2).isAbsolute();
        conversions.add(qcow2.getFileName() + " to " + format);
        if (disk.length == 0) {
            throw new StageFailure(Blame.FACTORY, "no space", "Make space.");
        }
        try {
            assertThat(to).doesNotExist();
            Files.write(to, disk);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ImageRegistered register() throws StageFailure, InterruptedException {
        Converter converter = this::convert;
        return new RegisterPrivateImage(registries, store, converter, new PlainMeasurer(), requests)
                .run(context(built()));
    }

    private ImageCopied copy(Fact... more) throws StageFailure, InterruptedException {
        var facts = new ArrayList<>(List.of(more));
        facts.add(built());
        return new CopyToRegions(registries, store, this::convert, new PlainMeasurer(), requests)
                .run(context(facts.toArray(Fact[]::new)));
    }

    private void request(ImageRegistered registered, ImageCopied copied) throws StageFailure {
        var sealed = new ReleaseSealed(Tiny.RELEASE, "the digest", "KEY", Standing.NOW, List.of());
        var tested = new ImageTested(true, 0, 0, "", 0, Map.of(), List.of(), List.of());
        new RequestPublication(
                        new InMemoryRequests(new InMemoryJournal()),
                        new PlainAttester(),
                        new Stating(),
                        store,
                        PublicationPolicy.defaults())
                .run(context(built(), registered, tested, sealed, copied));
    }

    private static List<Long> sizes(InMemoryRegistry... regions) {
        return List.of(regions).stream()
                .flatMap(region -> region.list().stream())
                .map(RegionImage::size)
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ImageBuilt built() {
        Measured measured = PlainMeasurer.of(IMAGE);
        return new ImageBuilt(
                KEY, measured, 4096, Tiny.RELEASE + "/files/packages.tsv", 1, Standing.NOW, Standing.NOW, List.of());
    }

    private Standing context(Fact... facts) {
        var all = new ArrayList<>(List.of(facts));
        all.add(Tiny.inputs("home", "plain", "ceph", "ceph2"));
        return new Standing(Tiny.build(), new Facts(all), folder.resolve("build"));
    }

    private final class Stating implements Sealer {
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
            statements.add(name + ": " + statement);
        }
    }
}
